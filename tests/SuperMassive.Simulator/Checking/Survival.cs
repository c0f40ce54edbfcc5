namespace SuperMassive.Simulator.Checking;

/// <summary>
/// What the last read of a key says about its writes: acknowledged ones survive, deleted keys do not come back, and nothing is
/// invented. Weaker than linearizability, but it says in words what went wrong.
/// </summary>
public static class Survival
{
    /// <summary>Checks one key by a read that began after all was over.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? Check(IReadOnlyList<Operation> operations, Operation lastRead)
    {
        if (lastRead.Outcome == Outcome.NotFound)
            return CheckAbsent(operations);
        return lastRead is { Outcome: Outcome.Ok, Result: { } value } ? CheckValue(operations, value) : null;
    }

    /// <summary>
    /// Only that a deleted key did not come back, for runs in which what was written may be lost otherwise: an acknowledged DEL came
    /// after everything that may have left the value.
    /// </summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? CheckDeleted(IReadOnlyList<Operation> operations, Operation lastRead)
    {
        if (lastRead is not { Outcome: Outcome.Ok, Result: { } value } || MayBeIndeterminateSum(operations, value))
            return null;
        var sources = FindSources(operations, value).ToList();
        var deletions = operations.Where(o => o is { Kind: OperationKind.Delete, Outcome: Outcome.Ok }).ToList();
        return sources.Count > 0 && sources.TrueForAll(source => FindSuccessor(deletions, source) is not null)
            ? $"deleted key came back: {value} of #{sources[0].Id}"
            : null;
    }

    /// <summary>Whether some operation invoked before <paramref name="beforeUs"/> may have written <paramref name="value"/>.</summary>
    public static bool MayHaveBeenWritten(IReadOnlyList<Operation> operations, string value, long beforeUs = long.MaxValue) =>
        FindSources(operations, value).Any(source => source.InvokeUs <= beforeUs) || MayBeIndeterminateSum(operations, value);

    private static string? CheckAbsent(IReadOnlyList<Operation> operations)
    {
        var written = operations.Where(o => o.IsAcknowledgedWrite && o.Kind != OperationKind.Delete).ToList();
        if (written.Count == 0)
            return null;
        var deletions = operations.Where(o => o.Kind == OperationKind.Delete && o.MayTakeEffect);
        if (deletions.Any(d => FindSuccessor(written, d) is null))
            return null;
        return $"acknowledged write lost: nothing is left of #{written.MaxBy(o => o.InvokeUs)!.Id}";
    }

    private static string? CheckValue(IReadOnlyList<Operation> operations, string value)
    {
        var sources = FindSources(operations, value).ToList();
        if (sources.Count == 0)
            return MayBeIndeterminateSum(operations, value) ? null : $"value {value} was never written";
        var successors = sources.Select(source => FindSuccessor(operations, source)).ToList();
        if (successors.Contains(null) || MayBeIndeterminateSum(operations, value))
            return null;
        var successor = successors[0]!;
        return successor.Kind == OperationKind.Delete
            ? $"deleted key came back: {value} of #{sources[0].Id} after #{successor.Id}"
            : $"acknowledged write lost: {value} of #{sources[0].Id} is older than #{successor.Id}";
    }

    /// <summary>Writes that may have left exactly this value.</summary>
    private static IEnumerable<Operation> FindSources(IReadOnlyList<Operation> operations, string value) => operations.Where(o =>
        o is { Kind: OperationKind.Put, MayTakeEffect: true } && o.Value == value
        || o is { Kind: OperationKind.Add, Outcome: Outcome.Ok } && o.Result == value);

    /// <summary>An acknowledged write that certainly came after <paramref name="source"/> had taken effect.</summary>
    private static Operation? FindSuccessor(IReadOnlyList<Operation> operations, Operation source) =>
        operations.FirstOrDefault(o => o.IsAcknowledgedWrite && o.IsAfter(source));

    /// <summary>An INCR nobody heard of leaves a number that stands in no answer, or comes back to one that does.</summary>
    private static bool MayBeIndeterminateSum(IReadOnlyList<Operation> operations, string value) =>
        KeyState.TryNumber(value, out _)
        && operations.Any(o => o is { Kind: OperationKind.Add, MayTakeEffect: true, Outcome: not Outcome.Ok });
}
