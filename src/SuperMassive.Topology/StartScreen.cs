namespace SuperMassive.Topology;

/// <summary>What a host shows once everything is up: all a person needs to use it, on one screen.</summary>
public static class StartScreen
{
    /// <summary>The whole screen, several lines.</summary>
    /// <param name="topology">What runs.</param>
    /// <param name="secrets">Shown, because nothing can be used without them.</param>
    /// <param name="problem">Why it is not ready yet; null when it is.</param>
    /// <param name="how">Said behind the numbers of processes.</param>
    public static string For(Topology topology, TopologySecrets secrets, string? problem, string how = "")
    {
        var settings = topology.Settings;
        var address = topology.Cluster.Address;
        var replicas = settings.Nodes * settings.Replicas;
        var http = topology.Cluster.HttpAddress is { } httpAddress ? $"http://{httpAddress}/metrics and /health/ready" : "none";
        var state = problem is null ? "is up" : $"is not ready yet ({problem})";
        return $"""

            SuperMassive {state} at {address}: 1 cluster, {Count(settings.Nodes, "node")}, {Count(replicas, "replica")}{how}

              netcat  {Netcat(secrets, settings.Host, topology.Cluster.Port)}
              shell   {Shell(topology, secrets)}
              http    {http}
              data    {settings.DataDirectory}
              stop    Ctrl-C

            """;
    }

    // the tool reads generated credentials from the data folder; those given to the launcher are not stored there
    private static string Shell(Topology topology, TopologySecrets secrets)
    {
        var command = $"dotnet run --project src/SuperMassive.Cli -- shell --address {topology.Cluster.Address}";
        return topology.Settings is { Username: null, Password: null }
            ? $"{command} --data {Quote(topology.Settings.DataDirectory)}"
            : $"SUPERMASSIVE_USERNAME={Quote(secrets.Username)} SUPERMASSIVE_PASSWORD={Quote(secrets.Password)} {command}";
    }

    /// <summary>
    /// A command that authenticates and then sends what is typed. AUTH takes the two characters \0 between name and password;
    /// base64 breaks long lines, hence tr.
    /// </summary>
    public static string Netcat(TopologySecrets secrets, string host, int port) =>
        $"(printf 'AUTH '; printf %s {Quote($"{secrets.Username}\\0{secrets.Password}")} | base64 | tr -d '\\n'; echo; cat)"
        + $" | nc -C {host} {port}";

    /// <summary>One word for a POSIX shell, whatever is in it.</summary>
    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";
}
