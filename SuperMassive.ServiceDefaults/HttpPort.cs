using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace SuperMassive.ServiceDefaults;

/// <summary>The port of health checks and metrics.</summary>
public static class HttpPort
{
    /// <summary>
    /// Makes Kestrel listen on one address and nowhere else: an explicit listen overrides ASPNETCORE_URLS, which an environment may set
    /// for reasons of its own.
    /// </summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="host">An IP address, or a name with addresses of this machine; <c>0.0.0.0</c> and <c>::</c> are all of them.</param>
    /// <param name="port">The port; 0 takes a free one.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The name does not resolve.</exception>
    public static WebApplicationBuilder ListenForHttp(this WebApplicationBuilder builder, string host, int port)
    {
        builder.WebHost.UseUrls().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (IPAddress.TryParse(host, out var address)) kestrel.Listen(address, port);
            else if (host == "localhost") ListenOnLoopback(kestrel, port);
            else Array.ForEach(Dns.GetHostAddresses(host), found => kestrel.Listen(found, port));
        });
        return builder;
    }

    // ListenLocalhost tolerates a machine without IPv6, but cannot take a free port, which would differ between the two families
    private static void ListenOnLoopback(KestrelServerOptions kestrel, int port)
    {
        if (port == 0) kestrel.Listen(IPAddress.Loopback, port);
        else kestrel.ListenLocalhost(port);
    }
}
