using System.Diagnostics;

namespace SuperMassive.Benchmarks.Memory;

/// <summary>Redis with an append-only file, synced every second.</summary>
internal sealed class RedisServer : MeasuredServer
{
    public override string Name => "redis-server";

    public static bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "redis-server")));

    public override LoadConnection Connect() => new(Port, "", isRedis: true);

    protected override ProcessStartInfo Command() => new(
        "redis-server",
        ["--port", Text(Port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--dir", Folder]);

    // it answers LOADING, an error, until it has read its file
    protected override bool IsReady(LoadConnection connection) => connection.Ask("PING").StartsWith("+PONG", StringComparison.Ordinal);
}
