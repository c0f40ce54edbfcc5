using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace SuperMassive.ServiceDefaults;

/// <summary>The port of health checks and metrics.</summary>
public static class HttpPort
{
    /// <summary>
    /// Makes Kestrel listen on <paramref name="endpoints"/> and nowhere else: an explicit listen overrides ASPNETCORE_URLS, which an
    /// environment may set for reasons of its own.
    /// </summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="endpoints">Where to listen; port 0 takes a free one.</param>
    public static WebApplicationBuilder ListenForHttp(this WebApplicationBuilder builder, params IEnumerable<IPEndPoint> endpoints)
    {
        builder.WebHost.UseUrls().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            foreach (var endpoint in endpoints) kestrel.Listen(endpoint);
        });
        return builder;
    }

    /// <summary>Resolves <c>host:port</c> to the addresses to listen on: <c>*</c> is every address, a name all addresses it has.</summary>
    /// <returns>The addresses, or none with <paramref name="error"/> naming the address and what is wrong with it.</returns>
    public static IReadOnlyList<IPEndPoint> Resolve(string hostAndPort, out string error)
    {
        error = "";
        var colon = hostAndPort.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(hostAndPort.AsSpan(colon + 1), out var port))
        {
            error = $"http address '{hostAndPort}' is not host:port";
            return [];
        }

        var host = hostAndPort[..colon];
        if (host is "*" or "+") return [new IPEndPoint(IPAddress.IPv6Any, port)];
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address)) return [new IPEndPoint(address, port)];
        try
        {
            return [.. Dns.GetHostAddresses(host).Select(found => new IPEndPoint(found, port))];
        }
        catch (System.Net.Sockets.SocketException failure)
        {
            error = $"http address '{hostAndPort}': {host} does not resolve: {failure.Message}";
            return [];
        }
    }
}
