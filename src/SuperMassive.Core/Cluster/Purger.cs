using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>
/// When deletions may be forgotten: every configured primary has them on disk, no older write is still under way that could bring the key
/// back, and no read that has met a copy where they were not known then and would no longer meet them elsewhere. First each records on
/// disk that it knows them, so that one which missed some is told apart when it comes back.
/// </summary>
internal sealed class Purger(ClusterCore core)
{
    /// <summary>Young deletions wait: most fail-overs of older writes are over by then.</summary>
    private const int MinAgeMs = 1_000;

    private const int AskIntervalMs = 100;

    /// <summary>Deletions closer together than this are purged together: the list stays short however many there are.</summary>
    private const int GranularityMs = 100;

    /// <summary>A node forgets about as many at a time: some milliseconds, however many were deleted together.</summary>
    private const int SliceDeletions = 4_096;

    private readonly LinkedList<Deletions> _deletions = new();
    private Version _purged;
    private Version _candidate;
    private int _membership;
    private int _marksAwaited;
    private long _nextAskMs;

    /// <summary>Nothing that this process has deleted, or met as deleted, is still to be forgotten.</summary>
    public bool IsEmpty => _deletions.First is null;

    /// <summary>How often a deletion was seen.</summary>
    public long SeenCount { get; private set; }

    /// <summary>A deletion was given this version, or a tombstone of it was met on a node.</summary>
    public void Seen(Version version)
    {
        if (version == Version.None)
            return;
        SeenCount++;
        var seen = new Deletions(version, core.NowMs, 1);
        if (_deletions.Last is { } last && version > last.Value.Newest && core.NowMs - last.Value.SinceMs < GranularityMs
            && last.Value.Count < SliceDeletions)
        {
            last.Value = last.Value with { Newest = version, Count = last.Value.Count + 1 };
            return;
        }
        var after = _deletions.Last;
        while (after is not null && after.Value.Newest > version)
            after = after.Previous;
        if (after is null)
            _deletions.AddFirst(seen);
        else if (after.Value.Newest != version)
            _deletions.AddAfter(after, seen);
    }

    public void Tick()
    {
        if (_marksAwaited > 0)
            return;
        if (_deletions.First is null || !core.Members.AllHealthy || core.Members.Admitting is not null
            || core.Members.Shards.Any(shard => shard.MissesDeletions))
        {
            _candidate = Version.None;
            return;
        }
        if (_candidate == Version.None || _membership != core.Members.Changes)
            Propose();
        else if (core.Members.Shards.All(shard => shard.SyncedLsn >= shard.PurgeLsn) && core.WideReads.OlderAreOver)
            Purge();
        else if (core.NowMs >= _nextAskMs)
            AskSynced();
    }

    /// <summary>Picks what could be forgotten, and where each journal must be on disk for it.</summary>
    private void Propose()
    {
        _candidate = Version.None;
        if (!core.WideReads.OlderAreOver)
            return;
        _membership = core.Members.Changes;
        var limit = Limit();
        // age is measured on the clock that never jumps: versions may lie an hour ahead of the wall clock
        var node = _deletions.First;
        for (; node is not null && node.Value.Newest <= limit && core.NowMs - node.Value.SinceMs >= MinAgeMs; node = node.Next)
            _candidate = node.Value.Newest;
        if (_candidate == Version.None)
            return;
        core.WideReads.Turn();
        _marksAwaited = core.Members.Shards.Count;
        foreach (var shard in core.Members.Shards)
            shard.Primary.Known(null, _candidate);
    }

    /// <summary>A primary has recorded that it knows all that is to be forgotten; it remains to be seen on its disk.</summary>
    public void Marked(ShardLink link, in LinkReply reply)
    {
        if (reply.IsError)
            link.Shard.Missed();
        link.Shard.PurgeLsn = reply.IsError ? long.MaxValue : reply.Lsn;
        if (--_marksAwaited == 0)
            AskSynced();
    }

    public void MarkLost() => _marksAwaited--;

    private void AskSynced()
    {
        _nextAskMs = core.NowMs + AskIntervalMs;
        foreach (var shard in core.Members.Shards)
            shard.Primary.AskSynced();
    }

    /// <summary>Forgets a slice of what could be forgotten; the rest stays the candidate of the next tick.</summary>
    private void Purge()
    {
        var through = _candidate;
        for (var count = 0; count < SliceDeletions && _deletions.First is { } first && first.Value.Newest <= _candidate;)
        {
            through = first.Value.Newest;
            count += first.Value.Count;
            _deletions.RemoveFirst();
        }
        if (through > _purged)
            _purged = through;
        if (_deletions.First is not { } next || next.Value.Newest > _candidate)
            _candidate = Version.None;
        foreach (var shard in core.Members.Shards)
        {
            shard.PurgedThrough = _purged;
            shard.Primary.Purge(_purged);
        }
        core.StateFile.Purged(_purged);
    }

    private Version Limit()
    {
        var limit = core.Clock.Last;
        if (core.Writes.Oldest is { } write && write <= limit)
            limit = new Version(write.Value - 1);
        foreach (var shard in core.Members.Shards)
        {
            if (shard.Primary.OldestDelete is { } pending && pending <= limit)
                limit = new Version(pending.Value - 1);
        }
        return limit;
    }

    /// <param name="Newest">Of several that came close together.</param>
    /// <param name="SinceMs">When the first of them was seen; monotonic.</param>
    /// <param name="Count">How many they are.</param>
    private readonly record struct Deletions(Version Newest, long SinceMs, int Count);
}
