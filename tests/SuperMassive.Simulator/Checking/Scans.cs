using System.Text.RegularExpressions;

namespace SuperMassive.Simulator.Checking;

/// <summary>
/// A REGX is no snapshot, but it is sorted, shows no key twice, invents and revives nothing, and misses no key that stood still
/// while it ran.
/// </summary>
public static class Scans
{
    /// <returns>What is wrong, or null.</returns>
    public static string? Check(Operation scan, Dictionary<string, List<Operation>> byKey)
    {
        if (scan.Outcome is not (Outcome.Ok or Outcome.NotFound))
            return null;
        var pairs = scan.Pairs ?? [];
        for (var i = 1; i < pairs.Count; i++)
        {
            if (string.CompareOrdinal(pairs[i - 1].Key, pairs[i].Key) >= 0)
                return $"#{scan.Id} is not sorted: {pairs[i - 1].Key} before {pairs[i].Key}";
        }
        foreach (var (key, value) in pairs)
        {
            if (CheckValue(scan, key, value, byKey) is { } wrong)
                return wrong;
        }
        return FindMissed(scan, pairs, byKey);
    }

    private static string? CheckValue(Operation scan, string key, string value, Dictionary<string, List<Operation>> byKey)
    {
        if (!byKey.TryGetValue(key, out var operations) || !Survival.MayHaveBeenWritten(operations, value, scan.ReturnUs))
            return $"#{scan.Id} shows {key} {value}, which was never written";
        var before = operations.Where(o => o.MayTakeEffect && o.InvokeUs <= scan.ReturnUs).ToList();
        var old = Survival.Check([.. before.Select(o => EndAt(o, scan.InvokeUs))], AsRead(scan, key, value));
        return old is null ? null : $"#{scan.Id} shows what was over when it began: {key}: {old}";
    }

    /// <summary>Writes not acknowledged when the scan began supersede nothing for it.</summary>
    private static Operation EndAt(Operation o, long startUs) => o.ReturnUs < startUs ? o : new Operation
    {
        Id = o.Id,
        Kind = o.Kind,
        Key = o.Key,
        Value = o.Kind == OperationKind.Add ? o.Result : o.Value,
        InvokeUs = o.InvokeUs,
        Outcome = Outcome.Indeterminate,
    };

    private static Operation AsRead(Operation scan, string key, string value) => new()
    {
        Id = scan.Id,
        Kind = OperationKind.Get,
        Key = key,
        InvokeUs = scan.InvokeUs,
        ReturnUs = scan.ReturnUs,
        Outcome = Outcome.Ok,
        Result = value,
    };

    private static string? FindMissed(Operation scan, List<KeyValuePair<string, string>> pairs, Dictionary<string, List<Operation>> byKey)
    {
        var shown = pairs.Select(p => p.Key).ToHashSet();
        var pattern = new Regex(scan.Key, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        foreach (var (key, operations) in byKey)
        {
            if (!shown.Contains(key) && pattern.IsMatch(key) && StoodStill(operations, scan))
                return $"#{scan.Id} misses {key}, which nobody touched meanwhile";
        }
        return null;
    }

    private static bool StoodStill(List<Operation> operations, Operation scan)
    {
        var isLive = false;
        foreach (var operation in operations)
        {
            if (!operation.MayTakeEffect || operation.InvokeUs > scan.ReturnUs)
                continue;
            if (operation.Kind == OperationKind.Delete || operation.SettledUs >= scan.InvokeUs)
                return false;
            isLive = true;
        }
        return isLive;
    }
}
