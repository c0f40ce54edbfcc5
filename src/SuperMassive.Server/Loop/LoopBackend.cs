namespace SuperMassive.Server.Loop;

/// <summary>How an <see cref="EventLoop"/> talks to the operating system. TLS always goes through .NET's sockets.</summary>
public enum LoopBackend
{
    /// <summary>Epoll on Linux, unless the environment says <c>SUPERMASSIVE_LOOP=sockets</c>; .NET's sockets elsewhere.</summary>
    Default,
    Epoll,
    Sockets,
}
