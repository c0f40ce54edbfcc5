using System.Net;
using System.Net.Sockets;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Server.Loop.Sockets;

internal static class ListenSocket
{
    private const int Backlog = 1_024;

    /// <summary>A bound and listening socket; what it accepts inherits no-delay and keep-alive on Linux.</summary>
    /// <exception cref="IOException">Names the address and why it cannot be listened on.</exception>
    public static Socket Open(string address)
    {
        if (!HostPort.TryParse(address, out var hostPort))
            throw new IOException($"cannot listen on {address}: it is not host:port");
        Socket? socket = null;
        try
        {
            var endPoint = hostPort.ToBindable();
            socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            SetOptions(socket);
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            throw new IOException($"cannot listen on {address}: {Reason(e.SocketErrorCode)}", e);
        }
    }

    public static void SetOptions(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }

    private static string Reason(SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse => "the address is in use",
        SocketError.AddressNotAvailable => "this machine does not have that address",
        SocketError.AccessDenied => "permission denied",
        _ => Reasons.Of(error),
    };
}
