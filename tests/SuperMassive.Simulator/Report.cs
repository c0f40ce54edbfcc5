using System.Text;
using SuperMassive.Simulator.Checking;

namespace SuperMassive.Simulator;

/// <summary>A failed seed in words: what was violated, how to replay it, and what happened to the key.</summary>
public static class Report
{
    private const int LastOperations = 40;

    private const string ReplayCommand = "dotnet run -c Release --project tests/SuperMassive.Simulator --";

    public static string Of(RunResult result, string faultsText)
    {
        var text = new StringBuilder();
        var plan = result.Plan;
        text.AppendLine(
            $"seed {plan.Seed}: {result.Violations.Count} violations ({plan.Nodes} nodes × {plan.ReplicasPerNode} replicas, "
            + $"{plan.JournalMode}, faults {plan.Faults})");
        text.AppendLine($"  replay: {ReplayCommand} --seed {plan.Seed} --faults {faultsText}");
        foreach (var violation in result.Violations.Take(10))
            text.AppendLine($"  {violation}");
        var violated = result.Violations.FirstOrDefault(v => v.Key.Length > 0);
        if (violated.Key is not null)
            AppendOperations(text, result.History, violated);
        return text.ToString();
    }

    /// <summary>A seed that did not end.</summary>
    public static string OfHang(ulong seed, int afterMs, string faultsText) =>
        $"seed {seed}: 1 violation\n  replay: {ReplayCommand} --seed {seed} --faults {faultsText}\n"
        + $"  hang: did not end within {afterMs} ms\n";

    /// <summary>The last ones, and before them those around the one that the violation names.</summary>
    private static void AppendOperations(StringBuilder text, History history, Violation violated)
    {
        var operations = history.Operations.Where(o => o.Key == violated.Key && o.Outcome != Outcome.Refused).ToList();
        var last = Math.Max(0, operations.Count - LastOperations);
        var named = operations.FindIndex(o => $"{violated} ".Contains($"#{o.Id} ", StringComparison.Ordinal));
        if (named >= 0 && named < last)
        {
            text.AppendLine($"  operations on {violated.Key} around #{operations[named].Id}:");
            foreach (var operation in operations.Take(last).Skip(named - LastOperations / 2).Take(LastOperations))
                text.AppendLine($"    {operation}");
        }
        text.AppendLine($"  the last operations on {violated.Key}:");
        foreach (var operation in operations.Skip(last))
            text.AppendLine($"    {operation}");
    }
}
