namespace SuperMassive.Core.Cluster;

/// <summary>Which operations on one key may overlap, and which wait for which.</summary>
internal sealed class KeyOrder(ClusterCore core)
{
    /// <summary>Writes without a version, because the ceiling is reached.</summary>
    private readonly List<Operation> _parked = [];
    private readonly List<Operation> _resumed = [];

    /// <summary>Begins an operation on a key whose hash it knows, or lets it wait for those that it must not overlap.</summary>
    public void Submit(Operation operation)
    {
        var state = core.Keys.Find(operation.Hash);
        if (operation.Kind == OperationKind.Get)
        {
            if (state is null)
            {
                core.Reads.Run(operation);
                return;
            }
            if (state.Waiting.Count == 0 && !state.IsExclusive)
            {
                ReadAmongPuts(operation, state);
                return;
            }
        }
        state = operation.State = core.Keys.Acquire(operation.Hash);
        if (state.Waiting.Count == 0 && !state.IsPumping && MayStart(operation, state))
        {
            Start(operation, state);
            return;
        }
        state.Waiting.Enqueue(operation);
        Pump(state);
    }

    /// <returns>False when the ceiling is reached: the operation goes on by itself once a higher one is saved.</returns>
    public bool TryAssignVersion(Operation operation)
    {
        if (!core.Clock.TryNext(out var version))
        {
            _parked.Add(operation);
            core.StateFile.Save();
            return false;
        }
        operation.Version = version;
        core.Writes.Add(operation);
        return true;
    }

    /// <summary>The ceiling rose.</summary>
    public void ResumeParked()
    {
        _resumed.AddRange(_parked);
        _parked.Clear();
        foreach (var operation in _resumed)
            Resume(operation);
        _resumed.Clear();
    }

    /// <summary>
    /// Reads overlap with other connections' PUTs, but a connection's read sees every write that the same connection sent before it.
    /// </summary>
    private void ReadAmongPuts(Operation operation, KeyState state)
    {
        for (var i = state.Puts.Count - 1; i >= 0; i--)
        {
            if (state.Puts[i].Session == operation.Session)
            {
                state.Puts[i].Followers.Add(operation);
                return;
            }
        }
        core.Reads.Run(operation);
    }

    /// <summary>
    /// Starts what waits on a key, in order, as far as it may overlap with what is under way: PUTs with each other, INCRs in a chain, a
    /// DEL with nothing.
    /// </summary>
    /// <remarks>
    /// What starts may end at once and call this again. Then the loop that is running goes on: the stack must not grow with the queue.
    /// </remarks>
    public void Pump(KeyState state)
    {
        if (state.IsPumping)
            return;
        state.IsPumping = true;
        state.References++;
        while (state.Waiting.TryPeek(out var operation) && MayStart(operation, state))
        {
            state.Waiting.Dequeue();
            Start(operation, state);
        }
        state.IsPumping = false;
        core.Keys.Release(state);
    }

    private void Start(Operation operation, KeyState state)
    {
        switch (operation.Kind)
        {
            case OperationKind.Get:
                ReadAmongPuts(operation, state);
                break;
            case OperationKind.Put:
                core.Puts.Run(operation);
                break;
            case OperationKind.Delete:
                core.Deletes.Run(operation);
                break;
            case OperationKind.Count:
                core.Counts.Run(operation);
                break;
        }
    }

    private static bool MayStart(Operation operation, KeyState state) => operation.Kind switch
    {
        OperationKind.Get => !state.IsExclusive,
        OperationKind.Put => !state.IsExclusive && !state.IsFollowedBy(operation.Session),
        OperationKind.Delete => !state.IsExclusive && state.Puts.Count == 0,
        _ => state.Puts.Count == 0 && (!state.IsExclusive || Counts.CanFollow(state)),
    };

    private void Resume(Operation operation)
    {
        switch (operation.Kind)
        {
            case OperationKind.Put:
                core.Puts.Start(operation);
                break;
            case OperationKind.Delete:
                core.Deletes.Start(operation);
                break;
            default:
                core.Counts.Resume(operation);
                break;
        }
    }
}
