using System.Globalization;

namespace SuperMassive.Simulator.Checking;

/// <summary>
/// A key that was set once and only counted since holds its first value, every acknowledged INCR, and some of those nobody heard of.
/// </summary>
public static class Counters
{
    /// <summary>More sums than this are not told apart any more; the linearizability check still sees the key.</summary>
    private const int MaxSums = 1 << 16;

    /// <returns>What is wrong, or null; null as well for a key that is no pure counter.</returns>
    public static string? Check(IReadOnlyList<Operation> operations, Operation lastRead)
    {
        if (lastRead.Outcome is not (Outcome.Ok or Outcome.NotFound) || FindStart(operations) is not { } start)
            return null;
        if (!KeyState.TryNumber(lastRead.Result, out var value))
            return $"counter is gone or no number: {lastRead.Result ?? "not found"}";
        var added = operations.Where(o => o is { Kind: OperationKind.Add, Outcome: Outcome.Ok }).Sum(o => o.Delta);
        var expected = decimal.Parse(start.Value!, CultureInfo.InvariantCulture) + added;
        var unheard = operations.Where(o => o.Kind == OperationKind.Add && o.SettledUs == long.MaxValue).Select(o => o.Delta).ToList();
        return value == expected || IsSubsetSum(unheard, value - expected)
            ? null
            : $"counter is {value}; start plus acknowledged is {expected}, and no subset of {unheard.Count} indeterminate makes up for it";
    }

    /// <summary>The acknowledged PUT that all counting came after; null when the key was used otherwise.</summary>
    private static Operation? FindStart(IReadOnlyList<Operation> operations)
    {
        Operation? start = null;
        foreach (var operation in operations)
        {
            if (!operation.MayTakeEffect)
                continue;
            if (operation.Kind == OperationKind.Delete)
                return null;
            if (operation.Kind != OperationKind.Put)
                continue;
            if (start is not null || operation.Outcome != Outcome.Ok || !KeyState.TryNumber(operation.Value, out _))
                return null;
            start = operation;
        }
        return start;
    }

    private static bool IsSubsetSum(List<decimal> deltas, decimal wanted)
    {
        var sums = new HashSet<decimal> { 0 };
        foreach (var delta in deltas)
        {
            foreach (var sum in sums.ToArray())
                sums.Add(sum + delta);
            if (sums.Count > MaxSums)
                return true;
        }
        return sums.Contains(wanted);
    }
}
