using System.Net;
using System.Net.Sockets;

namespace SuperMassive.SideBySide;

/// <summary>Ports of 127.0.0.1 on which nothing listens, each given once.</summary>
internal sealed class Ports
{
    private readonly HashSet<int> _given = [];

    public int Next()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (_given.Add(port))
                return port;
        }
    }
}
