using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SuperMassive.Client;

/// <summary>A host name or IP address, and a TCP port.</summary>
internal readonly record struct Endpoint(string Host, int Port)
{
    /// <summary>Reads <c>host:port</c>, or <c>[IPv6]:port</c>; the port is 1 to 65535.</summary>
    public static bool TryParse(string text, out Endpoint endpoint)
    {
        endpoint = default;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return false;
        var host = text[..colon];
        if (host is ['[', .. var inner, ']'])
        {
            if (!IPAddress.TryParse(inner, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6)
                return false;
            host = inner;
        }
        else if (host.AsSpan().IndexOfAny(":/[] ") >= 0)
        {
            return false;
        }
        if (port is < 1 or > 65_535)
            return false;
        endpoint = new Endpoint(host, port);
        return true;
    }
}
