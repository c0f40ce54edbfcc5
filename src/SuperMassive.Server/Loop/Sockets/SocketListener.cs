using System.Net;
using System.Net.Sockets;

namespace SuperMassive.Server.Loop.Sockets;

/// <summary>Accepts by .NET's sockets, one connection at a time, each posted to the loop.</summary>
internal sealed class SocketListener : LoopListener
{
    private const int RetryMs = 100;

    private readonly Socket _socket;
    private volatile bool _isClosed;

    public SocketListener(EventLoop loop, MachineHost host, ListenOptions options)
        : base(loop, host, options)
    {
        _socket = ListenSocket.Open(options.Address);
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _ = AcceptAsync();
    }

    public override IPEndPoint EndPoint { get; }

    public override void Close()
    {
        _isClosed = true;
        _socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        var wasFailing = false;
        while (!_isClosed)
        {
            try
            {
                var accepted = await _socket.AcceptAsync().ConfigureAwait(false);
                wasFailing = false;
                Loop.Post(() => Admit(accepted));
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e) when (!_isClosed)
            {
                if (!wasFailing)
                    Log.AcceptFailed(Loop.Logger, Options.Address, Reasons.Of(e), RetryMs);
                wasFailing = true;
                // most likely descriptors ran out; connections wait in the system's queue, and looking at once would only spin
                await Task.Delay(RetryMs).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    private void Admit(Socket socket)
    {
        if (_isClosed || !TryPeer(socket, out var peer) || !TryAdmit(peer, out var plan))
        {
            socket.Dispose();
            return;
        }
        StreamChannel.Accept(plan, socket, Options);
    }

    /// <returns>False: the connection is gone already.</returns>
    private static bool TryPeer(Socket socket, out string peer)
    {
        peer = "";
        try
        {
            ListenSocket.SetOptions(socket);
            if (socket.RemoteEndPoint is not IPEndPoint remote)
                return false;
            var address = remote.Address.IsIPv4MappedToIPv6 ? remote.Address.MapToIPv4() : remote.Address;
            peer = new IPEndPoint(address, remote.Port).ToString();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
