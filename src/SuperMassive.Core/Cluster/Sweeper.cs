using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>
/// After a node joined with data: walks all primaries' keys side by side, in the order of their hashes, drops every copy that is not
/// the newest and learns where the newest are. A page at a time, so that nobody notices.
/// </summary>
internal sealed class Sweeper(ClusterCore core)
{
    private const int PageEntries = 256;
    private const ulong End = 1UL << 32;

    private readonly Dictionary<byte[], Copies> _copies = new(KeyComparer.Instance);
    private readonly List<Page> _pages = [];
    private int _awaited;
    private int _membership;
    private ulong _cursor;
    private bool _isWanted;
    private bool _isRunning;
    private bool _foundData;
    private bool _knowsAllKeys;

    /// <summary>
    /// Whether every key that exists has a hint: then a key without one is new, and has no older copies anywhere.
    /// </summary>
    public bool KnowsAllKeys => _knowsAllKeys && core.Hints.Evictions == 0;

    /// <summary>
    /// A node that refused a deletion lists a key which others know to be deleted, and live keys are all that is listed. So the sweep
    /// waits until it has caught up.
    /// </summary>
    private bool LacksDeletions => core.Members.Shards.Any(shard => shard.MissesDeletions);

    /// <param name="entries">What the node that joined holds.</param>
    public void Request(long entries)
    {
        _foundData |= entries > 0;
        _knowsAllKeys = !_foundData && core.Members.AllHealthy;
        _isWanted = _foundData;
    }

    public void Tick()
    {
        if (_isRunning || !_isWanted || !core.Members.AllHealthy || LacksDeletions)
            return;
        _isWanted = false;
        _isRunning = true;
        _membership = core.Members.Changes;
        _cursor = 0;
        AskAll();
    }

    public void Listed(ShardLink link, in LinkReply reply)
    {
        _awaited--;
        if (reply.IsError || (reply.NextCursor != 0 && reply.NextCursor <= _cursor))
            link.Distrust(reply.IsError ? "it refuses to list its keys" : "a list of keys that does not advance");
        else if (_isRunning)
            Keep(link.Shard, reply);
        AdvanceIfComplete();
    }

    public void Lost()
    {
        _awaited--;
        AdvanceIfComplete();
    }

    private void AskAll()
    {
        _pages.Clear();
        foreach (var shard in core.Members.Shards)
        {
            _awaited++;
            shard.Primary.List(LinkRequestKind.Versions, null, _cursor, PageEntries);
        }
    }

    private void Keep(Shard shard, LinkReply reply)
    {
        var page = new Page(reply.NextCursor == 0 ? End : reply.NextCursor);
        for (var i = 0; i < reply.ListCount; i++)
        {
            var version = reply.TakeVersion(out var key);
            page.Entries.Add((key.ToArray(), version, shard));
        }
        _pages.Add(page);
    }

    private void AdvanceIfComplete()
    {
        if (_awaited > 0 || !_isRunning)
            return;
        if (core.Members.Changes != _membership || _pages.Count != core.Members.Shards.Count || LacksDeletions)
        {
            // somebody came or went: what was seen is not the whole picture
            _isRunning = false;
            _isWanted = true;
            return;
        }
        _cursor = Merge();
        if (_cursor < End)
        {
            AskAll();
            return;
        }
        _isRunning = false;
        _foundData = false;
        _knowsAllKeys = true;
    }

    /// <returns>Up to where every primary has listed its keys.</returns>
    private ulong Merge()
    {
        var bound = _pages.Min(page => page.Next);
        _copies.Clear();
        foreach (var page in _pages)
        {
            foreach (var (key, version, shard) in page.Entries)
            {
                if (core.HashOf(key) >> 32 >= bound)
                    continue;
                ref var copies = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
                    _copies, key, out var exists);
                copies = exists ? copies.With(shard, version) : new Copies(shard, version, 1);
            }
        }
        foreach (var (key, copies) in _copies)
            Settle(key, copies);
        return bound;
    }

    private void Settle(byte[] key, in Copies copies)
    {
        var hash = core.HashOf(key);
        var isHinted = core.Hints.TryGet(hash, out var holderId, out _);
        // a write may have changed what the pages show, and they are not of one moment: then a gather decides on fresh replies
        if (copies.Count > 1
            || (isHinted ? holderId != copies.Shard.Id : core.Keys.Find(hash) is not null || core.Absent.Contains(hash, key)))
            core.Reads.Resolve(key, hash);
        else if (!isHinted && core.Hints.Evictions == 0)
            core.Hints.Set(hash, copies.Shard.Id, copies.Version);
    }

    private sealed record Page(ulong Next)
    {
        public List<(byte[] Key, Version Version, Shard Shard)> Entries { get; } = [];
    }

    private readonly record struct Copies(Shard Shard, Version Version, int Count)
    {
        public Copies With(Shard shard, Version version) =>
            version > Version ? new Copies(shard, version, Count + 1) : this with { Count = Count + 1 };
    }

    private sealed class KeyComparer : IEqualityComparer<byte[]>
    {
        public static readonly KeyComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] key)
        {
            var hash = new HashCode();
            hash.AddBytes(key);
            return hash.ToHashCode();
        }
    }
}
