using System.Net;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Server.Loop;

/// <summary>Finds the addresses of a <c>host:port</c>, on other threads where that may block.</summary>
internal static class NameLookup
{
    /// <summary>
    /// Calls <paramref name="found"/> on the loop, never within this call: with the addresses, or with none and the reason.
    /// </summary>
    public static void Begin(EventLoop loop, string address, Action<IPEndPoint[], string> found)
    {
        if (!HostPort.TryParse(address, out var hostPort))
            loop.Post(() => found([], $"{address} is not host:port"));
        else if (hostPort.TryGetLiteral(out var literal))
            loop.Post(() => found([literal], ""));
        else
            _ = ResolveAsync(loop, hostPort, found);
    }

    private static async Task ResolveAsync(EventLoop loop, HostPort hostPort, Action<IPEndPoint[], string> found)
    {
        var (addresses, failure) = await ResolveAsync(hostPort, CancellationToken.None).ConfigureAwait(false);
        loop.Post(() => found(addresses, failure));
    }

    public static async Task<(IPEndPoint[] Addresses, string Failure)> ResolveAsync(HostPort hostPort, CancellationToken cancel)
    {
        try
        {
            if (hostPort.TryGetLiteral(out var literal))
                return ([literal], "");
            var addresses = await Dns.GetHostAddressesAsync(hostPort.Host, cancel).ConfigureAwait(false);
            return (Array.ConvertAll(addresses, a => new IPEndPoint(a, hostPort.Port)), Reasons.NameNotFound);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return ([], Reasons.Of(e));
        }
    }
}
