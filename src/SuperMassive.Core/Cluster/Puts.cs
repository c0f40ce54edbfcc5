using System.Text;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>
/// PUT: the next healthy primary in sequence takes it; on failure the following one, with the same version, so that a write which
/// succeeded after all is the same write.
/// </summary>
internal sealed class Puts(ClusterCore core)
{
    public void Run(Operation operation)
    {
        operation.State!.Puts.Add(operation);
        Start(operation);
    }

    /// <summary>Begins, or goes on after the version ceiling rose.</summary>
    public void Start(Operation operation)
    {
        if (core.Order.TryAssignVersion(operation))
            Try(operation, operation.Value);
    }

    /// <summary>Writes what is not a client's PUT: the sum of an INCR whose holder is away.</summary>
    public void WriteElsewhere(Operation operation)
    {
        operation.Step = Step.Write;
        Try(operation, operation.Found);
    }

    public void Replied(Operation operation, ShardLink link, in LinkReply reply)
    {
        if (reply.IsError)
        {
            operation.LastError = Links.PeerText.Of(reply.Text);
            Try(operation, ValueOf(operation));
            return;
        }
        Acknowledge(operation, link.Shard, operation.Version);
        if (operation.Kind == OperationKind.Count)
            core.Counts.Written(operation);
        else
            Finish(operation, Outcome.Written, default);
    }

    public void Lost(Operation operation)
    {
        operation.IsIndeterminate = true;
        Try(operation, ValueOf(operation));
    }

    /// <summary>
    /// A write is acknowledged: the hint moves to it, and the older copy goes. If something newer is known already, a gather decides,
    /// because a hint may be another key's.
    /// </summary>
    public void Acknowledge(Operation operation, Shard shard, Version version)
    {
        var state = operation.State!;
        var isHinted = core.Hints.TryGet(operation.Hash, out var holderId, out var hint);
        if ((isHinted && hint > version) || state.Newest > version)
        {
            core.Reads.Resolve(operation.Key, operation.Hash);
            return;
        }
        state.Newest = version;
        core.Hints.Set(operation.Hash, shard.Id, version);
        core.Absent.Remove(operation.Hash);
        if (isHinted)
        {
            if (core.Members.ById(holderId) is { } holder && holder != shard)
                core.Drops.Older(state, holder, shard, operation.Key, version);
            return;
        }
        if (core.Sweeper.KnowsAllKeys)
            return;
        foreach (var other in core.Members.Shards)
        {
            if (other != shard)
                core.Drops.Older(state, other, shard, operation.Key, version);
        }
    }

    private static ReadOnlySpan<byte> ValueOf(Operation operation) =>
        operation.Kind == OperationKind.Count ? operation.Found : operation.Value;

    private void Try(Operation operation, ReadOnlySpan<byte> value)
    {
        if (core.Router.Next(core.Members.Shards, operation.Tried) is not { } shard)
        {
            GiveUp(operation);
            return;
        }
        if (operation.Tried.Count > 0)
            core.Statistics.FailOvers++;
        operation.Tried.Add(shard);
        shard.Primary.Put(operation, value);
    }

    private void GiveUp(Operation operation)
    {
        var text = operation.IsIndeterminate ? "timeout"
            : operation.LastError ?? "no primary nodes available";
        Finish(operation, Outcome.Error, Encoding.UTF8.GetBytes(text));
    }

    private void Finish(Operation operation, Outcome outcome, ReadOnlySpan<byte> payload)
    {
        var state = operation.State!;
        core.Writes.Remove(operation);
        if (operation.Kind == OperationKind.Count)
        {
            core.Counts.GaveUp(operation, payload);
            return;
        }
        state.Puts.Remove(operation);
        core.Complete(operation, outcome, payload);
    }
}
