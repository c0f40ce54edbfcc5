using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace SuperMassive.Simulator.Checking;

/// <summary>
/// A REGX is no snapshot, but it is sorted, shows no key twice, invents and revives nothing, and misses no key that stood still
/// while it ran. With offset and limit the same holds for every key whose place in the whole is certain.
/// </summary>
public static class Scans
{
    /// <summary>The few that clients ask for: building one takes longer than all else a check of it does.</summary>
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new();

    /// <param name="mayBeOld">Whether what was over when it began may still be shown, or a key be missed.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Check(Operation scan, Dictionary<string, List<Operation>> byKey, bool mayBeOld = false)
    {
        if (scan.Outcome is not (Outcome.Ok or Outcome.NotFound))
            return null;
        var pairs = scan.Pairs ?? [];
        if (CheckForm(scan, pairs) is { } malformed)
            return malformed;
        foreach (var (key, value) in pairs)
        {
            if (CheckValue(scan, key, value, byKey, mayBeOld) is { } wrong)
                return wrong;
        }
        return mayBeOld ? null : FindMisplaced(scan, pairs, byKey);
    }

    private static string? CheckForm(Operation scan, List<KeyValuePair<string, string>> pairs)
    {
        for (var i = 1; i < pairs.Count; i++)
        {
            if (string.CompareOrdinal(pairs[i - 1].Key, pairs[i].Key) >= 0)
                return $"#{scan.Id} is not sorted: {pairs[i - 1].Key} before {pairs[i].Key}";
        }
        return scan.Window is { } window && pairs.Count > window.Limit ? $"#{scan.Id} shows {pairs.Count} keys" : null;
    }

    private static string? CheckValue(
        Operation scan, string key, string value, Dictionary<string, List<Operation>> byKey, bool mayBeOld)
    {
        if (!byKey.TryGetValue(key, out var operations) || !Survival.MayHaveBeenWritten(operations, value, scan.ReturnUs))
            return $"#{scan.Id} shows {key} {value}, which was never written";
        if (mayBeOld)
            return null;
        var before = operations.Where(o => o.MayTakeEffect && o.InvokeUs <= scan.ReturnUs && !IsBehind(o, scan)).ToList();
        var old = Survival.Check([.. before.Select(o => EndAt(o, scan))], AsRead(scan, key, value));
        return old is null ? null : $"#{scan.Id} shows what was over when it began: {key}: {old}";
    }

    /// <summary>Sent after the scan on its connection: a scan ends before anything of that begins.</summary>
    private static bool IsBehind(Operation o, Operation scan) => scan.Connection > 0 && o.Connection == scan.Connection && o.Id > scan.Id;

    /// <summary>Writes not acknowledged when the scan began supersede nothing for it; nor did it begin before its connection's were.</summary>
    private static Operation EndAt(Operation o, Operation scan) => scan.IsAfter(o) ? o : new Operation
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

    /// <summary>A key is certainly shown when, however many others there were before it, its place lies in the window.</summary>
    private static string? FindMisplaced(
        Operation scan, List<KeyValuePair<string, string>> pairs, Dictionary<string, List<Operation>> byKey)
    {
        var shown = pairs.Select(p => p.Key).ToHashSet();
        var pattern = Patterns.GetOrAdd(scan.Key, text => new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        var (first, end) = scan.Window is { } window ? (window.Offset, (long)window.Offset + window.Limit) : (0, long.MaxValue);
        var (certainly, possibly) = (0, 0);
        foreach (var key in byKey.Keys.Where(key => pattern.IsMatch(key)).Order(StringComparer.Ordinal))
        {
            var operations = byKey[key];
            var isStill = StoodStill(operations, scan);
            if (isStill && certainly >= first && possibly < end && !shown.Contains(key))
                return $"#{scan.Id} misses {key}, which nobody touched meanwhile";
            if (shown.Contains(key) && (possibly < first || certainly >= end))
                return $"#{scan.Id} shows {key}, whose place is not among those asked for";
            certainly += isStill ? 1 : 0;
            possibly += isStill || operations.Any(o => o.MayTakeEffect && o.InvokeUs <= scan.ReturnUs && !IsBehind(o, scan)) ? 1 : 0;
        }
        return null;
    }

    private static bool StoodStill(List<Operation> operations, Operation scan)
    {
        var isLive = false;
        foreach (var operation in operations)
        {
            if (!operation.MayTakeEffect || operation.InvokeUs > scan.ReturnUs || IsBehind(operation, scan))
                continue;
            if (operation.Kind == OperationKind.Delete || !scan.IsAfter(operation))
                return false;
            isLive = true;
        }
        return isLive;
    }
}
