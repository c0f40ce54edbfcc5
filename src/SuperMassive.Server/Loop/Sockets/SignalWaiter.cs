namespace SuperMassive.Server.Loop.Sockets;

/// <summary>For platforms without epoll: everything that happens is posted.</summary>
internal sealed class SignalWaiter : Waiter
{
    private readonly AutoResetEvent _signal = new(false);

    public override void Wait(int timeoutMs) => _signal.WaitOne(timeoutMs);

    public override bool DispatchNext() => false;

    public override void Wake() => _signal.Set();

    public override void Dispose() => _signal.Dispose();
}
