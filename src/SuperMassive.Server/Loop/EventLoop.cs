using Microsoft.Extensions.Logging;
using SuperMassive.Core;

namespace SuperMassive.Server.Loop;

public sealed class EventLoop : IDisposable
{
    public EventLoop(ILogger logger, LoopBackend backend = LoopBackend.Default) => throw new NotImplementedException();

    public void Add(IStateMachine machine) => throw new NotImplementedException();

    public Listener Listen(IStateMachine machine, ListenOptions options) => throw new NotImplementedException();

    public Channel Connect(IStateMachine machine, PeerAddress peer, bool gated = false) => throw new NotImplementedException();

    public void Post(Action action) => throw new NotImplementedException();

    public void Run() => throw new NotImplementedException();

    public void Stop() => throw new NotImplementedException();

    public Thread Start(string name) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
