using System.Globalization;
using System.Net;

namespace SuperMassive.Server.Loop;

/// <summary><c>host:port</c>, taken apart; IPv6 literals stand in brackets.</summary>
internal readonly record struct HostPort(string Host, int Port)
{
    public static bool TryParse(string address, out HostPort result)
    {
        result = default;
        var colon = address.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return false;
        var host = address[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        else if (host.Contains(':'))
            return false;
        result = new HostPort(host, port);
        return true;
    }

    /// <summary>The address without asking a name server: literals only.</summary>
    public bool TryGetLiteral(out IPEndPoint endPoint)
    {
        var isLiteral = IPAddress.TryParse(Host, out var address);
        endPoint = new IPEndPoint(address ?? IPAddress.None, Port);
        return isLiteral;
    }

    /// <summary>Where to bind: every interface for an empty host or <c>*</c>; the IPv4 address of a name that has both.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The name is not known.</exception>
    public IPEndPoint ToBindable()
    {
        if (Host is "" or "*")
            return new IPEndPoint(System.Net.Sockets.Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, Port);
        if (TryGetLiteral(out var literal))
            return literal;
        var addresses = Dns.GetHostAddresses(Host);
        var chosen = Array.Find(addresses, a => a.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork) ?? addresses[0];
        return new IPEndPoint(chosen, Port);
    }
}
