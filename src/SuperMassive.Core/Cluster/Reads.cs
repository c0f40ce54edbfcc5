using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>GET: the hinted holder alone if there is one, everybody otherwise.</summary>
internal sealed class Reads(ClusterCore core)
{
    public void Run(Operation operation)
    {
        if (core.Hints.TryGet(operation.Hash, out var shardId, out var version))
        {
            operation.Expected = version;
            if (core.Members.ById(shardId) is { } shard)
            {
                Ask(operation, shard);
                return;
            }
        }
        else if (core.Absent.Contains(operation.Hash, operation.Key))
        {
            core.Complete(operation, Outcome.Missing);
            return;
        }
        core.Gather.Begin(operation);
    }

    /// <summary>Settles which of several copies is the newest; nobody waits for it.</summary>
    public void Resolve(ReadOnlySpan<byte> key, ulong hash)
    {
        var operation = core.Rent(OperationKind.Resolve, null);
        operation.SetKey(key);
        operation.Hash = hash;
        core.Gather.Begin(operation);
    }

    public void Replied(Operation operation, ShardLink link, in LinkReply reply)
    {
        if (!reply.IsError && reply.HasValue && (reply.Version == operation.Expected || IsHinted(operation, link, reply.Version)))
        {
            core.Statistics.HintHits++;
            if (operation.Best > reply.Version)
            {
                Answer(operation, operation.Found);
                return;
            }
            operation.Best = reply.Version;
            operation.BestIsLive = true;
            if (reply.Version != operation.Expected)
                operation.Session?.ShowLaterReads(operation, reply.Value);
            core.Complete(operation, Outcome.Value, reply.Value);
        }
        else
        {
            HintFailed(operation, link);
        }
    }

    public void Lost(Operation operation, ShardLink link)
    {
        if (link.IsReplica)
            HintFailed(operation, link);
        else
            Ask(operation, link.Shard);
    }

    public void Gathered(Operation operation)
    {
        if (!core.Gather.IsConclusive(operation) && core.Settings.ReadMode == ReadMode.Consistent)
            core.Complete(operation, Outcome.Error, "key-value unavailable"u8);
        else
            Answer(operation, operation.Found);
    }

    private void Answer(Operation operation, ReadOnlySpan<byte> found)
    {
        operation.Session?.ShowLaterReads(operation, found);
        if (operation.BestIsLive)
            core.Complete(operation, Outcome.Value, found);
        else
            core.Complete(operation, Outcome.Missing);
    }

    private void Ask(Operation operation, Shard shard)
    {
        if (shard.IsHealthy)
        {
            operation.Step = Step.Hinted;
            shard.Primary.Get(operation);
        }
        else
        {
            AskReplica(operation, shard, null);
        }
    }

    private void AskReplica(Operation operation, Shard shard, ShardLink? after)
    {
        if (shard.ReadyReplica(after) is { } replica)
        {
            operation.Step = Step.HintedReplica;
            replica.Get(operation);
        }
        else
        {
            Uncovered(operation);
        }
    }

    /// <summary>
    /// A write that reached the holder before the read has become the newest since: what the hint says now holds as well. A replica may
    /// have got it, by way of its primary, although it was sent after the read.
    /// </summary>
    private bool IsHinted(Operation operation, ShardLink link, Version version) =>
        core.Hints.TryGet(operation.Hash, out var holderId, out var hint) && hint == version && holderId == link.Shard.Id
        && !(link.IsReplica && operation.ComesBefore(version));

    /// <summary>
    /// A holder that no longer has the hinted version: it was overwritten elsewhere, dropped, or the hint belongs to another key.
    /// A replica may merely be behind.
    /// </summary>
    private void HintFailed(Operation operation, ShardLink link)
    {
        var isCurrent = core.Hints.TryGet(operation.Hash, out _, out var hint) && hint == operation.Expected;
        if (link.IsReplica && isCurrent && !link.Shard.IsHealthy)
            AskReplica(operation, link.Shard, link);
        else if (operation.IsOvertaken)
            core.Complete(operation, Outcome.Error, "key-value unavailable"u8);
        else
            core.Gather.Begin(operation);
    }

    private void Uncovered(Operation operation)
    {
        if (core.Settings.ReadMode == ReadMode.Consistent || operation.IsOvertaken)
            core.Complete(operation, Outcome.Error, "key-value unavailable"u8);
        else
            core.Gather.Begin(operation);
    }
}
