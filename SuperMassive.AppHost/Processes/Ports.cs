using System.Net;
using System.Net.Sockets;

namespace SuperMassive.AppHost.Processes;

/// <summary>TCP ports of this machine.</summary>
public static class Ports
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>Whether nothing listens on a port of the loopback address.</summary>
    public static bool IsFree(int port)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            listener.Listen();
            return true;
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }

    /// <summary>Waits until a port of the loopback address accepts a connection.</summary>
    public static async Task WaitForAsync(int port, CancellationToken cancellation)
    {
        while (true)
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await probe.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(RetryInterval, cancellation);
            }
        }
    }
}
