namespace SuperMassive.Simulator.Checking;

/// <summary>One operation on one key, prepared for the search: when it may take place and what it does to a state.</summary>
/// <param name="after">The index of the step that must have taken place before this one; −1 when there is none.</param>
internal readonly struct KeyStep(Operation operation, KeyState argument, KeyState result, ulong token, int after)
{
    public Operation Operation => operation;

    public long InvokeUs => operation.InvokeUs;

    public long SettledUs => operation.SettledUs;

    public bool IsOptional => operation.SettledUs == long.MaxValue;

    /// <summary>Random bits that stand for this step in the hash of a set of steps (Zobrist).</summary>
    public ulong Token => token;

    public int After => after;

    /// <summary>Whether two steps that nobody heard of do the same, so that the earlier one may stand for both.</summary>
    public bool DoesTheSameAs(in KeyStep other) =>
        operation.Kind == other.Operation.Kind && operation.Delta == other.Operation.Delta && argument == other.Argument;

    public KeyState Argument => argument;

    /// <summary>Whether the operation, taking place on <paramref name="before"/>, answers what it answered.</summary>
    public bool TryApply(KeyState before, out KeyState after)
    {
        after = before;
        return operation.Kind switch
        {
            OperationKind.Put => Put(out after),
            OperationKind.Get => operation.Outcome == Outcome.Ok ? before == result : before.Kind == KeyState.Holds.Nothing,
            OperationKind.Delete => Delete(before, out after),
            OperationKind.Add => Add(before, out after),
            _ => false,
        };
    }

    /// <summary>The number that must be there before this step for its answer to fit, if it asks for one.</summary>
    public bool TryGetNeededNumber(out decimal number)
    {
        number = result.Payload - operation.Delta;
        return !IsOptional && result.Kind == KeyState.Holds.Number;
    }

    private bool Put(out KeyState after)
    {
        after = argument;
        return true;
    }

    private bool Delete(KeyState before, out KeyState after)
    {
        after = KeyState.Absent;
        var existed = before.Kind != KeyState.Holds.Nothing;
        return IsOptional || existed == (operation.Outcome == Outcome.Ok);
    }

    private bool Add(KeyState before, out KeyState after)
    {
        after = before;
        var isNumber = before.Kind == KeyState.Holds.Number;
        var fits = isNumber && before.TryAdd(operation.Delta, out after);
        if (!fits)
            after = before;
        return operation.Outcome switch
        {
            Outcome.Ok => fits && after == result,
            Outcome.NotFound => before.Kind == KeyState.Holds.Nothing,
            Outcome.NotNumber => before.Kind == KeyState.Holds.Text,
            Outcome.OutOfRange => isNumber && !fits,
            _ => fits,
        };
    }
}
