using SuperMassive.Core;

namespace SuperMassive.Server.Loop;

/// <summary>A machine on its loop: sees to it that every input stands within a batch.</summary>
internal sealed class MachineHost(EventLoop loop, IStateMachine machine)
{
    private bool _inBatch;

    public IStateMachine Machine => machine;

    /// <summary>Begins the machine's batch, if it is not in one yet. To be called before every input.</summary>
    public void Begin()
    {
        if (_inBatch)
            return;
        _inBatch = true;
        machine.BeginBatch(loop.UnixMs, loop.MonotonicMs);
        machine.MeasureAt(loop.MonotonicUs);
    }

    public void End()
    {
        if (!_inBatch)
            return;
        machine.EndBatch();
        _inBatch = false;
    }
}
