using System.Collections.Concurrent;

namespace SuperMassive.Server.Loop;

/// <summary>Actions from other threads. One wake-up serves all that were posted before the loop looks.</summary>
internal sealed class PostQueue(Action wake)
{
    private readonly ConcurrentQueue<Action> _actions = new();
    private int _isSignalled;

    public bool IsEmpty => _actions.IsEmpty;

    public void Add(Action action, bool fromLoop)
    {
        _actions.Enqueue(action);
        if (!fromLoop && Interlocked.Exchange(ref _isSignalled, 1) == 0)
            wake();
    }

    /// <summary>Runs what is there now; what these actions post waits for the next time, so that sockets get their turn.</summary>
    public void Run()
    {
        // before looking: an action that is added afterwards wakes the loop again
        Interlocked.Exchange(ref _isSignalled, 0);
        for (var left = _actions.Count; left > 0 && _actions.TryDequeue(out var action); left--)
            action();
    }
}
