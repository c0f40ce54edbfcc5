using System.Globalization;
using System.Net.Sockets;
using SuperMassive.Topology;

namespace SuperMassive.AppHost.Local;

/// <summary>
/// Asks a cluster whether its primaries have joined, as a client can: by STAT, which is there whether or not health is served by HTTP.
/// </summary>
internal static class ClusterProbe
{
    private const string Field = "primaries_healthy ";

    /// <summary>What is wrong with it now, or null.</summary>
    public static async Task<string?> ProblemOfAsync(
        string host, int port, (string Username, string Password) credentials, CancellationToken cancellation)
    {
        try
        {
            return ProblemOf(await LineClient.AskAsync(host, port, credentials, "STAT", cancellation));
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return failure.Message;
        }
    }

    /// <summary>What an answer to STAT says is wrong, or null.</summary>
    internal static string? ProblemOf(string reply)
    {
        foreach (var line in reply.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith(Field, StringComparison.Ordinal)
                && line[Field.Length..].Split(" of ") is [var healthy, var configured]
                && int.TryParse(healthy, CultureInfo.InvariantCulture, out var up)
                && int.TryParse(configured, CultureInfo.InvariantCulture, out var all))
            {
                return Readiness.ProblemOf(up, all);
            }
        }
        return $"STAT was answered by '{reply.Split('\n', 2)[0].Trim()}'";
    }
}
