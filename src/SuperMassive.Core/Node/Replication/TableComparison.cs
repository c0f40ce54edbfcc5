using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Node.Replication;

/// <summary>
/// The primary's side of comparing a replica's table with its own: digests after every sync and every minute, and where they
/// differ, entry by entry.
/// </summary>
/// <remarks>
/// Everything is said at the end of a batch, when the table is what the journal says and all of the journal is on its way. As
/// the connection keeps the order, the replica hears it when it has applied exactly that much: writes may go on meanwhile, and
/// what is compared or put right is always the state as of one LSN.
/// </remarks>
internal sealed class TableComparison(ReplicaFeed feed, NodeCore node)
{
    private const int IntervalMs = 60_000;

    /// <summary>Until a replica was sent a state to compare, it is asked again after this time.</summary>
    private const int RetryMs = 1_000;

    /// <summary>After as many repairs that did not help it is left out of sync until the next comparison is due.</summary>
    private const int MaxRepairs = 3;

    private readonly byte[] _digests = new byte[TableDigests.Bytes];
    private readonly Queue<int> _differing = new();
    private readonly EntryList _listed = new(node.Data);
    private readonly MendList _mends = new(feed, node);
    private ulong _cursor;
    private int _repairs;
    private int _found;
    private long _dueMs;
    private bool _isOn;
    private bool _isAwaiting;

    public ComparisonFigures Figures { get; private set; } = new() { ComparedLsn = -1 };

    /// <summary>The replica's table is known to differ.</summary>
    public bool Differs => _repairs > 0;

    /// <summary>The replica is in sync for the first time on this connection.</summary>
    public void Start()
    {
        _isOn = true;
        _dueMs = node.NowMs;
    }

    public void Stop()
    {
        _isOn = _isAwaiting = false;
        _differing.Clear();
        _mends.Clear();
        _repairs = _found = 0;
        _cursor = 0;
    }

    /// <summary>A batch ended, and everything in the journal is on its way to the replica.</summary>
    public void Continue()
    {
        if (!_isOn || _isAwaiting || _mends.IsAwaiting || _mends.Continue())
            return;
        if (_differing.TryPeek(out var bucket))
            AskEntries(bucket);
        else if (node.NowMs >= _dueMs)
            AskDigests();
    }

    public bool OnDigests(ref RespCursor reply, long lsn)
    {
        if (!reply.TryArray(out var count) || count < 1 || !reply.TryInteger(out var appliedLsn))
            return false;
        Span<int> differing = stackalloc int[TableDigests.Buckets];
        if (count - 1 > differing.Length)
            return false;
        for (var i = 0; i < count - 1; i++)
        {
            if (!reply.TryInteger(out var bucket) || bucket is < 0 or >= TableDigests.Buckets)
                return false;
            differing[i] = (int)bucket;
        }
        feed.Answered();
        _isAwaiting = false;
        if (appliedLsn != lsn)
            _dueMs = node.NowMs + RetryMs;
        else
            Compared(lsn, differing[..(count - 1)]);
        return true;
    }

    public bool OnEntries(ref RespCursor reply, long lsn)
    {
        if (!reply.TryArray(out var count) || count < 2 || count % 2 != 0
            || !reply.TryInteger(out var appliedLsn) || !reply.TryUnsigned(out var next))
            return false;
        _mends.Begin();
        for (var i = 2; i < count; i += 2)
        {
            if (!reply.TryBulk(out var key, out var isNull) || isNull || key.IsEmpty || !reply.TryUnsigned(out var version))
                return false;
            _mends.Add(key, new Version(version));
        }
        feed.Answered();
        _isAwaiting = false;
        if (appliedLsn != lsn)
        {
            _mends.Clear();
            return true;
        }
        _cursor = next;
        if (_cursor < TableDigests.CursorOf(_differing.Peek() + 1))
            return true;
        _differing.Dequeue();
        _cursor = 0;
        return true;
    }

    public bool OnHeld(ref RespCursor reply) => _mends.OnHeld(ref reply);

    public bool OnMended(ref RespCursor reply) => _mends.OnMended(ref reply);

    private void AskDigests()
    {
        _isAwaiting = true;
        node.Data.Digests.Write(_digests);
        var output = feed.Ask(FeedVerb.Digest, node.EndLsn);
        RespWriter.Array(output, 3);
        RespWriter.Bulk(output, "DIGEST"u8);
        RespWriter.Bulk(output, node.EndLsn);
        RespWriter.Bulk(output, _digests);
    }

    private void AskEntries(int bucket)
    {
        _isAwaiting = true;
        var from = _cursor == 0 ? TableDigests.CursorOf(bucket) : _cursor;
        var next = _listed.Fill(from, TableDigests.CursorOf(bucket + 1));
        var output = feed.Ask(FeedVerb.Compare, node.EndLsn);
        RespWriter.Array(output, 5);
        RespWriter.Bulk(output, "COMPARE"u8);
        RespWriter.Bulk(output, node.EndLsn);
        RespWriter.Bulk(output, from);
        RespWriter.Bulk(output, next);
        RespWriter.Bulk(output, _listed.Bytes);
    }

    private void Compared(long lsn, ReadOnlySpan<int> differing)
    {
        Figures = Figures with { ComparedLsn = lsn, ComparedMs = node.NowMs, Differing = differing.Length };
        _dueMs = node.NowMs + IntervalMs;
        if (differing.IsEmpty)
        {
            if (_repairs > 0)
                Repaired(lsn);
            return;
        }
        Figures = Figures with { Found = Figures.Found + Math.Max(0, differing.Length - _found) };
        _found = Math.Max(_found, differing.Length);
        feed.Report(CoreEvent.ReplicaOutOfSync, $"{differing.Length} of {TableDigests.Buckets} parts of its table differ at {lsn}"
            + (_repairs < MaxRepairs ? ", repairing them" : $", and {_repairs} repairs did not help: empty its data directory"));
        if (_repairs++ >= MaxRepairs)
            return;
        foreach (var bucket in differing)
            _differing.Enqueue(bucket);
        _dueMs = node.NowMs; // once all are put right
    }

    private void Repaired(long lsn)
    {
        Figures = Figures with { Repaired = Figures.Repaired + _found };
        _repairs = _found = 0;
        feed.Report(CoreEvent.ReplicaInSync, $"again at {lsn}: {_mends.Mended} entries put right, {_mends.TakenBack} taken back");
        _mends.ResetCounts();
    }
}
