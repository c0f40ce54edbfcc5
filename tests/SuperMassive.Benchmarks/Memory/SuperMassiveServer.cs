using System.Diagnostics;

namespace SuperMassive.Benchmarks.Memory;

/// <summary>A cluster and one node in one process.</summary>
internal sealed class SuperMassiveServer : MeasuredServer
{
    private const string Login = "dVwwcA=="; // u\0p

    public override string Name => "supermassive up";

    public int HttpPort { get; } = FreePort();

    public override LoadConnection Connect() => new(Port, Login, isRedis: false);

    protected override ProcessStartInfo Command() => new(
        "dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "supermassive.dll"), "up", "--nodes", "1", "--replicas", "0", "--host", "127.0.0.1",
            "--port", Text(Port), "--http-port", Text(HttpPort), "--data", Folder, "--username", "u", "--password", "p",
        ]);

    // a write needs a node that is healthy, and that has recovered by then
    protected override bool IsReady(LoadConnection connection) =>
        connection.Ask("PUT started yes").StartsWith("OK", StringComparison.Ordinal);
}
