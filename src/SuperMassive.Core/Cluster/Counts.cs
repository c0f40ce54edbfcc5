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
        BreakChain(operation);
        if (reply.IsError)
            Finish(operation, Outcome.Error, Encoding.UTF8.GetBytes(Links.PeerText.Of(reply.Text)));
        else if (operation.IsIndeterminate && (reply.Version == Version.None || reply.Version > operation.Version))
            Finish(operation, Outcome.Error, "timeout"u8); // a later one may have been added on top of it
        else
            StartAgain(operation);
    }

    /// <summary>
    /// The answer was lost with the link, so the sum may be there or not. Only the same holder with the same version can tell.
    /// </summary>
    public void Lost(Operation operation, ShardLink link)
    {
        BreakChain(operation);
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
        if (!core.Gather.IsConclusive(operation))
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

    /// <summary>What was asked before is known not to have happened.</summary>
    private void StartAgain(Operation operation)
    {
        core.Writes.Remove(operation);
        operation.IsIndeterminate = false;
        operation.Step = Step.None;
        Start(operation);
    }

    private void Start(Operation operation)
    {
        var state = operation.State!;
        if (MustWait(operation))
            operation.Step = Step.AwaitTurn;
        else if (state.ChainShard is { IsHealthy: true } shard)
            Ask(operation, shard, state.ChainVersion);
        else
            FindHolder(operation);
    }

    /// <summary>
    /// Only behind the end of the chain, or as the first, does anybody know what it will be added to. One that came before it may still have
    /// to be asked anew, because another has failed in front of it; and a connection's INCRs are carried out in the order in which it sent
    /// them.
    /// </summary>
    private static bool MustWait(Operation operation)
    {
        var state = operation.State!;
        return operation.CountBefore is { } before
            && !(before.Step == Step.Add && before.Chain == state.Chain && state.ChainShard is { IsHealthy: true });
    }

    /// <summary>Those behind it rely on a version that will never be; those of a later chain do not.</summary>
    private static void BreakChain(Operation operation)
    {
        if (operation.Chain == operation.State!.Chain)
            operation.State.ChainShard = null;
    }

    /// <summary>Its turn may have come.</summary>
    /// <remarks>A loop: what starts may end at once and call this again, and the stack must not grow with the queue.</remarks>
    private void Resume(KeyState state, Operation? next)
    {
        if (next is not { Step: Step.AwaitTurn } || MustWait(next))
            return;
        state.ResumedCount = next;
        if (state.IsResuming)
            return;
        state.IsResuming = true;
        while (state.ResumedCount is { } operation)
        {
            state.ResumedCount = null;
            operation.Step = Step.None;
            Start(operation);
        }
        state.IsResuming = false;
    }

    private void FindHolder(Operation operation)
    {
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
        var state = operation.State!;
        if (state.ChainShard != shard || state.ChainVersion != expected)
            state.Chain++;
        operation.Chain = state.Chain;
        state.ChainShard = shard;
        state.ChainVersion = operation.Version;
        shard.Primary.Add(operation);
        Resume(state, operation.CountBehind);
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
        var behind = operation.CountBehind;
        state.Leave(operation);
        Resume(state, behind);
        core.Complete(operation, outcome, payload);
    }
}
