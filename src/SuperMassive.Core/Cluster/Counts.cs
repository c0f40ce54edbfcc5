using System.Text;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>
/// INCR and DECR, atomic: the newest holder is asked to add, provided that it still holds the version which is known to be the newest.
/// Several on one key form a chain to the same holder, each relying on the version that the one before it makes, so that a busy counter
/// does not wait for a round trip each time.
/// </summary>
internal sealed class Counts(ClusterCore core)
{
    private const int MaxAttempts = 8;

    /// <summary>How long an ADD without an answer waits for its holder to come back before it is indeterminate.</summary>
    private const int RetryWindowMs = 1_000;

    private readonly List<Operation> _awaiting = [];
    private readonly byte[] _sum = new byte[64];

    /// <summary>Whether another INCR may follow those under way on this key.</summary>
    public static bool CanFollow(KeyState state) => state.Counts > 0 && state.ChainShard is { IsHealthy: true };

    public void Run(Operation operation)
    {
        operation.State!.Enter(operation);
        Start(operation);
    }

    public void Replied(Operation operation, ShardLink link, in LinkReply reply)
    {
        if (reply.HasValue && !reply.IsError)
        {
            Added(operation, link.Shard, reply.Value);
            return;
        }
        operation.State!.ChainShard = null;
        if (reply.IsError)
            Finish(operation, Outcome.Error, Encoding.UTF8.GetBytes(Links.PeerText.Of(reply.Text)));
        else if (operation.IsIndeterminate && (reply.Version == Version.None || reply.Version > operation.Version))
            Finish(operation, Outcome.Error, "timeout"u8); // a later one may have been added on top of it
        else
            FindHolder(operation);
    }

    /// <summary>
    /// The answer was lost with the link, so the sum may be there or not. Only the same holder with the same version can tell.
    /// </summary>
    public void Lost(Operation operation, ShardLink link)
    {
        operation.State!.ChainShard = null;
        if (operation.IsIndeterminate)
        {
            Finish(operation, Outcome.Error, "timeout"u8);
            return;
        }
        operation.IsIndeterminate = true;
        operation.Step = Step.AwaitHolder;
        operation.Shard = link.Shard;
        operation.StartedMs = core.NowMs;
        _awaiting.Add(operation);
        ResumeWaiting(operation.State);
    }

    public void HolderBack(Shard shard)
    {
        for (var i = 0; i < _awaiting.Count; i++)
        {
            var operation = _awaiting[i];
            if (operation.Shard != shard)
                continue;
            _awaiting.RemoveAt(i--);
            operation.Step = Step.Add;
            shard.Primary.Add(operation);
        }
    }

    public void Tick()
    {
        for (var i = 0; i < _awaiting.Count; i++)
        {
            var operation = _awaiting[i];
            if (core.NowMs - operation.StartedMs < RetryWindowMs)
                continue;
            _awaiting.RemoveAt(i--);
            Finish(operation, Outcome.Error, "timeout"u8);
        }
    }

    /// <summary>A gather found the newest value, or that it cannot be found.</summary>
    public void Gathered(Operation operation)
    {
        if (operation.State!.ChainShard is { IsHealthy: true } chained)
            Ask(operation, chained, operation.State.ChainVersion);
        else if (!core.Gather.IsConclusive(operation))
            Finish(operation, Outcome.Error, "key-value unavailable"u8);
        else if (!operation.BestIsLive)
            Finish(operation, Outcome.Missing, default);
        else if (operation.BestShard!.IsHealthy)
            Ask(operation, operation.BestShard, operation.Best);
        else
            AddHere(operation);
    }

    /// <summary>A replica of the holder, which is down, answered.</summary>
    public void ReplicaReplied(Operation operation, ShardLink link, in LinkReply reply)
    {
        if (reply.IsError || !reply.HasValue || reply.Version != operation.Expected)
        {
            AskReplica(operation, link.Shard, link);
            return;
        }
        operation.SetFound(reply.Value);
        AddHere(operation);
    }

    public void ReplicaLost(Operation operation, ShardLink link) => AskReplica(operation, link.Shard, link);

    public void Written(Operation operation)
    {
        core.Writes.Remove(operation);
        Finish(operation, Outcome.Number, operation.Found);
    }

    public void GaveUp(Operation operation, ReadOnlySpan<byte> why) => Finish(operation, Outcome.Error, why);

    /// <summary>Goes on after the version ceiling rose.</summary>
    public void Resume(Operation operation)
    {
        if (operation.Step != Step.Write)
            Start(operation);
        else if (core.Order.TryAssignVersion(operation))
            core.Puts.WriteElsewhere(operation);
    }

    private void Start(Operation operation)
    {
        if (operation.State!.ChainShard is { IsHealthy: true } shard)
            Ask(operation, shard, operation.State.ChainVersion);
        else
            FindHolder(operation);
    }

    /// <summary>
    /// While one that came before it looks for the holder, or writes its sum elsewhere, nobody knows what this one will be added to; and a
    /// connection's INCRs are carried out in the order in which it sent them.
    /// </summary>
    private static bool MustWait(Operation operation)
    {
        for (var before = operation.CountBefore; before is not null; before = before.CountBefore)
        {
            if (before.Step is not (Step.Gather or Step.HintedReplica or Step.Write or Step.AwaitTurn))
                continue;
            operation.Step = Step.AwaitTurn;
            operation.State!.CountsAwaitingTurn++;
            return true;
        }
        return false;
    }

    /// <summary>The first of those that await their turn may have it now.</summary>
    /// <remarks>A loop: what starts may end at once and call this again, and the stack must not grow with the queue.</remarks>
    private void ResumeWaiting(KeyState state)
    {
        if (state.IsResuming || state.CountsAwaitingTurn == 0)
            return;
        state.IsResuming = true;
        while (FirstWaiting(state) is { } operation)
        {
            state.CountsAwaitingTurn--;
            operation.Step = Step.None;
            Start(operation);
        }
        state.IsResuming = false;
    }

    private static Operation? FirstWaiting(KeyState state)
    {
        for (var operation = state.FirstCount; operation is not null; operation = operation.CountBehind)
        {
            if (operation.Step == Step.AwaitTurn)
                return operation;
            if (operation.Step is Step.Gather or Step.HintedReplica or Step.Write)
                return null;
        }
        return null;
    }

    private void FindHolder(Operation operation)
    {
        core.Writes.Remove(operation);
        operation.IsIndeterminate = false; // what was asked before is known not to have happened
        if (MustWait(operation))
            return;
        if (++operation.Attempts > MaxAttempts)
        {
            Finish(operation, Outcome.Error, "key-value unavailable"u8);
            return;
        }
        // after a first disappointment only fresh replies count
        if (operation.Attempts == 1 && core.Hints.TryGet(operation.Hash, out var shardId, out var version)
            && core.Members.ById(shardId) is { } shard)
        {
            if (shard.IsHealthy)
            {
                Ask(operation, shard, version);
                return;
            }
            operation.Expected = version;
            AskReplica(operation, shard, null);
            return;
        }
        core.Gather.Begin(operation);
    }

    private void AskReplica(Operation operation, Shard shard, ShardLink? after)
    {
        if (shard.ReadyReplica(after) is not { } replica)
        {
            Finish(operation, Outcome.Error, "key-value unavailable"u8);
            return;
        }
        operation.Step = Step.HintedReplica;
        replica.Get(operation);
    }

    private void Ask(Operation operation, Shard shard, Version expected)
    {
        operation.Expected = expected;
        if (!core.Order.TryAssignVersion(operation))
            return;
        operation.Step = Step.Add;
        operation.State!.ChainShard = shard;
        operation.State.ChainVersion = operation.Version;
        shard.Primary.Add(operation);
        ResumeWaiting(operation.State);
    }

    private void Added(Operation operation, Shard shard, ReadOnlySpan<byte> sum)
    {
        core.Writes.Remove(operation);
        core.Puts.Acknowledge(operation, shard, operation.Version);
        Finish(operation, Outcome.Number, sum);
    }

    /// <summary>The holder is away and its replica's value is known to be the newest: adds here and writes the sum elsewhere.</summary>
    private void AddHere(Operation operation)
    {
        switch (Counter.Add(operation.Found, operation.Value, subtract: false, _sum, out var length))
        {
            case CounterResult.NotANumber:
                Finish(operation, Outcome.Error, "value is not a number"u8);
                return;
            case CounterResult.OutOfRange:
                Finish(operation, Outcome.Error, "number out of range"u8);
                return;
        }
        operation.SetFound(_sum.AsSpan(0, length));
        operation.Step = Step.Write;
        if (core.Order.TryAssignVersion(operation))
            core.Puts.WriteElsewhere(operation);
    }

    private void Finish(Operation operation, Outcome outcome, ReadOnlySpan<byte> payload)
    {
        core.Writes.Remove(operation);
        var state = operation.State!;
        state.Leave(operation);
        ResumeWaiting(state);
        core.Complete(operation, outcome, payload);
    }
}
