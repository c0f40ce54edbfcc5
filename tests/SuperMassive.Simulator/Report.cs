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
        var key = result.Violations.FirstOrDefault(v => v.Key.Length > 0).Key;
        if (key is not null)
            AppendOperations(text, result.History, key);
        return text.ToString();
    }

    /// <summary>A seed that did not end.</summary>
    public static string OfHang(ulong seed, int afterMs, string faultsText) =>
        $"seed {seed}: 1 violation\n  replay: {ReplayCommand} --seed {seed} --faults {faultsText}\n"
        + $"  hang: did not end within {afterMs} ms\n";

    private static void AppendOperations(StringBuilder text, History history, string key)
    {
        var operations = history.Operations.Where(o => o.Key == key && o.Outcome != Outcome.Refused).ToList();
        text.AppendLine($"  the last operations on {key}:");
        foreach (var operation in operations.Skip(operations.Count - LastOperations))
            text.AppendLine($"    {operation}");
    }
}
