using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>
/// Asks every primary for a key in parallel, or a caught-up replica for one that is down, and takes the newest version. What it
/// found becomes a hint when everybody was heard; older copies are dropped.
/// </summary>
/// <remarks>
/// While a gather is under way nothing of its key is dropped: otherwise it could see the new holder before the write and the old one
/// after the drop, and find nothing.
/// </remarks>
internal sealed class Gather(ClusterCore core)
{
    public void Begin(Operation operation)
    {
        var state = operation.State ??= core.Keys.Acquire(operation.Hash);
        state.Gathers++;
        core.WideReads.Began(operation);
        operation.Step = Step.Gather;
        operation.HintAtStart = core.Hints.TryGet(operation.Hash, out _, out var hinted) ? hinted : Version.None;
        operation.Legs = 1; // held until all are sent
        operation.Unheard = 0;
        operation.Best = Version.None;
        operation.BestShard = null;
        operation.BestIsLive = false;
        operation.Holders.Clear();
        core.Statistics.Gathers++;
        foreach (var shard in core.Members.Shards)
        {
            if (shard.IsHealthy)
                Ask(operation, shard.Primary);
            else
                AskReplica(operation, shard, null);
        }
        LegEnded(operation);
    }

    public void Replied(Operation operation, ShardLink link, in LinkReply reply)
    {
        if (link.IsReplica && reply.Lsn < link.Shard.AckedLsn)
            AskReplica(operation, link.Shard, link);
        else if (reply.IsError || (link.IsReplica && operation.ComesBefore(reply.Version)))
            operation.Unheard++; // a primary answers in order, its replica may know what it was told since
        else
            Consider(operation, link.Shard, reply);
        LegEnded(operation);
    }

    /// <summary>A primary went away before it answered, or a replica of it: one of its replicas may.</summary>
    public void Lost(Operation operation, ShardLink link)
    {
        AskReplica(operation, link.Shard, link.IsReplica ? link : null);
        LegEnded(operation);
    }

    /// <summary>
    /// Whether what was found is the newest there is: everybody was heard, or it is at least what was known to be the newest. A copy of
    /// a key that is known to be deleted is left from a deletion which its node refused; but that is known of now, and a read that was
    /// overtaken must be answered as of before.
    /// </summary>
    public bool IsConclusive(Operation operation) =>
        operation.Unheard == 0
        || (core.Hints.TryGet(operation.Hash, out _, out var hint) && operation.Best >= hint)
        || (!operation.BestIsLive && core.Absent.Contains(operation.Hash, operation.Key) && !operation.IsOvertaken);

    private static void Ask(Operation operation, ShardLink link)
    {
        operation.Legs++;
        link.Get(operation);
    }

    private static void AskReplica(Operation operation, Shard shard, ShardLink? after)
    {
        if (shard.ReadyReplica(after) is { } replica)
            Ask(operation, replica);
        else
            operation.Unheard++;
    }

    private static void Consider(Operation operation, Shard shard, in LinkReply reply)
    {
        if (reply.HasValue)
            operation.Holders.Add(new Holder(shard, reply.Version));
        // of two equal copies the one at the lower address wins, whoever compares them and whenever: so never both are dropped
        var isBetter = reply.Version > operation.Best
            || (reply.Version == operation.Best && reply.HasValue && operation.BestShard is { } best
                && string.CompareOrdinal(shard.Address, best.Address) < 0);
        if (!isBetter)
            return;
        operation.Best = reply.Version;
        operation.BestShard = shard;
        operation.BestIsLive = reply.HasValue;
        operation.SetFound(reply.Value);
    }

    private void LegEnded(Operation operation)
    {
        if (--operation.Legs > 0)
            return;
        var state = operation.State!;
        state.Gathers--;
        core.WideReads.Ended(operation);
        if (IsConclusive(operation))
            Learn(operation, state);
        core.Drops.Flush(state);
        core.Gathered(operation);
    }

    private void Learn(Operation operation, KeyState state)
    {
        var hinted = core.Hints.TryGet(operation.Hash, out _, out var hint) ? hint : Version.None;
        DropOlder(operation, state);
        if (state.Newest > operation.Best || (hinted > operation.HintAtStart && hinted > operation.Best))
        {
            // a hint never goes back: what a write changed meanwhile is newer than what was seen here, and what was seen may be old
            if (operation.Holders.Count > 0)
                core.Reads.Resolve(operation.Key, operation.Hash);
            return;
        }
        if (operation.BestIsLive)
        {
            core.Hints.Set(operation.Hash, operation.BestShard!.Id, operation.Best);
            core.Absent.Remove(operation.Hash);
        }
        else
        {
            core.Hints.Remove(operation.Hash);
            core.Absent.Add(operation.Hash, operation.Key);
        }
    }

    private void DropOlder(Operation operation, KeyState state)
    {
        if (operation.BestShard is { IsHealthy: false })
            return; // only its replica has shown it: the other copies stay until the primary has
        foreach (var holder in operation.Holders)
        {
            if (holder.Shard != operation.BestShard)
                core.Drops.Older(state, holder.Shard, operation.BestShard!, operation.Key,
                    holder.Version == operation.Best ? operation.Best.Next : operation.Best);
        }
    }
}
