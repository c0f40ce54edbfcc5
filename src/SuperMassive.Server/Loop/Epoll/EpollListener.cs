using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SuperMassive.Server.Loop.Sockets;

namespace SuperMassive.Server.Loop.Epoll;

/// <summary>Accepts on the loop's thread.</summary>
internal sealed class EpollListener : LoopListener, IEpollSource, ITimed
{
    private const int MaxAcceptsPerWakeUp = 256;
    private const int RetryMs = 100;

    private readonly EpollWaiter _waiter;
    private readonly Socket _socket;
    private readonly int _fd;
    private readonly int _slot;
    private bool _isExhausted;
    private bool _isClosed;

    public EpollListener(EventLoop loop, MachineHost host, ListenOptions options, EpollWaiter waiter)
        : base(loop, host, options)
    {
        _waiter = waiter;
        _socket = ListenSocket.Open(options.Address);
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _socket.Blocking = false;
        _fd = (int)_socket.SafeHandle.DangerousGetHandle();
        _slot = waiter.Register(_fd, this, Libc.EPOLLIN);
    }

    public override IPEndPoint EndPoint { get; }

    int ITimed.DeadlineSlot { get; set; }

    long ITimed.DeadlineMs { get; set; }

    public void OnEvents(uint events)
    {
        for (var i = 0; i < MaxAcceptsPerWakeUp && !_isClosed; i++)
        {
            var fd = Tcp.Accept(_fd, out var peer);
            if (fd >= 0)
                Admit(fd, peer);
            else if (fd == -Libc.EAGAIN)
                return;
            else if (fd is -Libc.EMFILE or -Libc.ENFILE or -Libc.ENOBUFS or -Libc.ENOMEM)
                Rest(-fd);
            // any other error belongs to the connection that was to be accepted, and that is gone
        }
    }

    /// <summary>Looks again whether there are descriptors.</summary>
    public void OnDeadline() => _waiter.Change(_fd, _slot, Libc.EPOLLIN);

    public override void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        Loop.Deadlines.Clear(this);
        _waiter.Unregister(_slot);
        _socket.Dispose();
    }

    private void Admit(int fd, string peer)
    {
        _isExhausted = false;
        if (TryAdmit(peer, out var plan))
            EpollChannel.Accept(plan, _waiter, fd);
        else
            Tcp.Close(fd, reset: false);
    }

    /// <summary>Connections wait in the kernel's queue until there are descriptors; looking at once again would only spin.</summary>
    private void Rest(int error)
    {
        if (!_isExhausted)
            Log.AcceptFailed(Loop.Logger, Options.Address, Tcp.Reason(error), RetryMs);
        _isExhausted = true;
        _waiter.Change(_fd, _slot, 0);
        Loop.Deadlines.Set(this, Loop.MonotonicMs + RetryMs);
    }
}
