using SuperMassive.Simulator.Checking;
using SuperMassive.Simulator.Clients;

namespace SuperMassive.Simulator;

/// <summary>All checks of a finished run, each promise under the name it is reported by.</summary>
internal sealed class Verification(Plan plan, History history, IReadOnlyList<SimClient> clients, ReadAll lastReads, Topology topology)
{
    private readonly HashSet<Operation> _lastReads = [.. lastReads.Answers];

    public void Check(List<Violation> into)
    {
        foreach (var client in clients)
            into.AddRange(client.Breaches);
        CheckAnswers(into);
        var promised = Promised();
        var byKey = promised.ByKey();
        var lastByKey = lastReads.Answers.ToDictionary(read => read.Key);
        foreach (var (key, operations) in byKey)
            CheckKey(key, operations, lastByKey.GetValueOrDefault(key), into);
        CheckScans(promised, byKey, into);
        var unsettled = promised.Operations.Where(o => o.IsWrite && o.SettledUs == long.MaxValue).Select(o => o.Key).ToHashSet();
        CheckServers([.. lastReads.Answers.Where(read => !unsettled.Contains(read.Key))], into);
    }

    /// <summary>The operations that say something about data which somebody promised.</summary>
    private History Promised()
    {
        var promised = new History();
        foreach (var operation in history.Operations)
        {
            if (topology.AsPromised(operation) is { } taken)
                promised.Add(taken);
        }
        return promised;
    }

    /// <summary>Every server is up again, and their files and tables agree.</summary>
    private void CheckServers(List<Operation> settledReads, List<Violation> into)
    {
        var down = topology.Servers.Where(server => !server.IsRunning && !server.IsRetired).ToList();
        foreach (var server in down)
            into.Add(new Violation("restart", "", $"{server.Name} is down: {server.RefusedToStart}"));
        if (down.Count == 0)
            topology.Check(history.Operations, settledReads, into);
    }

    /// <summary>Every request is answered or its connection closed; and once all has healed, every key can be read.</summary>
    private void CheckAnswers(List<Violation> into)
    {
        foreach (var operation in history.Operations)
        {
            if (operation.Outcome == Outcome.Pending)
                into.Add(new Violation("answers", operation.Key, $"never answered: {operation}"));
        }
        if (!lastReads.IsOver)
            into.Add(new Violation("answers", "", $"not readable after healing: {string.Join(", ", lastReads.Unanswered)}"));
    }

    private void CheckKey(string key, List<Operation> operations, Operation? lastRead, List<Violation> into)
    {
        foreach (var read in operations)
        {
            if (read is { Kind: OperationKind.Get, Outcome: Outcome.Ok, Result: { } value }
                && !Survival.MayHaveBeenWritten(operations, value, read.ReturnUs))
                into.Add(new Violation("invention", key, $"#{read.Id} read {value}, which was never written"));
        }
        if (plan.MayLose)
            return;
        if (plan.LosesByRemoval)
        {
            if (lastRead is not null && Survival.CheckDeleted(operations, lastRead) is { } revived)
                into.Add(new Violation("survival", key, revived));
            return;
        }
        if (lastRead is not null && Survival.Check(operations, lastRead) is { } lost)
            into.Add(new Violation("survival", key, lost));
        if (lastRead is not null && Counters.Check(operations, lastRead) is { } miscounted)
            into.Add(new Violation("counters", key, miscounted));
        var verdict = Linearizability.Check(operations.Where(IsOrdered), out var stuck);
        if (verdict != Verdict.Linearizable)
            into.Add(new Violation("linearizability", key, $"{verdict}: no order explains #{stuck?.Id}"));
    }

    /// <summary>
    /// Where reads may show what is over, writes, what they answer, and the reads after all has healed are still in order.
    /// </summary>
    private bool IsOrdered(Operation operation) =>
        _lastReads.Contains(operation)
        || (!(plan.ReadsMayBeOld && operation.Kind == OperationKind.Get) && !topology.MayBeMistaken(operation));

    private void CheckScans(History promised, Dictionary<string, List<Operation>> byKey, List<Violation> into)
    {
        var mayBeOld = plan.MayLose || plan.LosesByRemoval || plan.ScansMayBeOld;
        foreach (var scan in promised.Operations)
        {
            if (scan.Kind == OperationKind.Scan && Scans.Check(scan, byKey, mayBeOld) is { } wrong)
                into.Add(new Violation("scans", scan.Key, wrong));
        }
    }
}
