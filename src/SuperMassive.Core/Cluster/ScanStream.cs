using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>One primary's matching keys, a page at a time.</summary>
internal sealed class ScanStream(Shard shard)
{
    private readonly List<(byte[] Key, byte[]? Value, Version Version)> _page = [];
    private int _next;
    private bool _isLast;

    public Shard Shard { get; } = shard;

    public ShardLink? Link { get; set; }

    public long Id { get; set; }

    public int PageEntries { get; set; }

    public byte[] After { get; private set; } = [];

    public bool NeedsPage => _next == _page.Count && !_isLast;

    public bool HasEntry => _next < _page.Count;

    public (byte[] Key, byte[]? Value, Version Version) Entry => _page[_next];

    /// <summary>Whether the page with this key, if there is one, is still to come.</summary>
    public bool HasYetToPass(ReadOnlySpan<byte> key) => !_isLast && key.SequenceCompareTo(After) > 0;

    public void Skip() => _next++;

    public void End()
    {
        _page.Clear();
        _next = 0;
        _isLast = true;
    }

    /// <returns>
    /// False when it is no page that may follow the one before it: sorted, beyond it, and not empty if more are to follow.
    /// </returns>
    public bool TryFill(LinkReply reply, bool isLast)
    {
        _page.Clear();
        _next = 0;
        var after = After;
        for (var i = 0; i < reply.ListCount; i++)
        {
            reply.List.TryBulk(out var key, out _);
            reply.List.TryBulk(out var value, out var isNull);
            reply.List.TryUnsigned(out var version);
            if (key.SequenceCompareTo(after) <= 0)
            {
                _page.Clear();
                return false;
            }
            after = key.ToArray();
            _page.Add((after, isNull ? null : value.ToArray(), new Version(version)));
        }
        _isLast = isLast;
        After = after;
        return isLast || _page.Count > 0;
    }
}
