using System.Net;
using System.Net.Sockets;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Server.Loop;

/// <summary>From <c>host:port</c> to what sockets take.</summary>
internal static class EndPoints
{
    /// <summary>The address without asking a name server: literals only.</summary>
    public static bool TryGetLiteral(this HostPort address, out IPEndPoint endPoint)
    {
        var isLiteral = IPAddress.TryParse(address.Host, out var literal);
        endPoint = new IPEndPoint(literal ?? IPAddress.None, address.Port);
        return isLiteral;
    }

    /// <summary>Where to bind: the IPv4 address of a name that has both.</summary>
    /// <exception cref="SocketException">The name is not known.</exception>
    public static IPEndPoint ToBindable(this HostPort address)
    {
        if (address.TryGetLiteral(out var literal))
            return literal;
        var addresses = Dns.GetHostAddresses(address.Host);
        var chosen = Array.Find(addresses, a => a.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0];
        return new IPEndPoint(chosen, address.Port);
    }
}
