using System.Net;
using System.Net.Sockets;

namespace SuperMassive.AppHost.Processes;

/// <summary>TCP ports of this machine.</summary>
public static class Ports
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>Whether nothing listens there: on none of the addresses <paramref name="host"/> has on this machine.</summary>
    public static bool IsFree(string host, int port) => Array.TrueForAll(Dns.GetHostAddresses(host), address => IsFree(address, port));

    /// <summary>A port of the loopback address on which nothing listens at this moment.</summary>
    public static int FindFree()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until a connection there is accepted.</summary>
    public static async Task WaitForAsync(string host, int port, CancellationToken cancellation)
    {
        while (true)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(host, port, cancellation);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(RetryInterval, cancellation);
            }
        }
    }

    private static bool IsFree(IPAddress address, int port)
    {
        using var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(address, port));
            listener.Listen();
            return true;
        }
        catch (SocketException failure)
        {
            // any other failure, such as an address of another machine, is for the process to report that was told to listen there
            return failure.SocketErrorCode != SocketError.AddressAlreadyInUse;
        }
    }
}
