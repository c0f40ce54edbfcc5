using System.Diagnostics;

namespace SuperMassive.Benchmarks.Memory;

/// <summary>Redis with an append-only file, synced every second.</summary>
internal sealed class RedisServer : MeasuredServer
{
    public override string Name => "redis-server";

    public static bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "redis-server")));

    public override LoadConnection Connect() => new(Port, "", isRedis: true);

    public override Interval Snapshot(int keys)
    {
        using var connection = Connect();
        var before = connection.Ask("LASTSAVE");
        var from = Stopwatch.GetTimestamp();
        // it may be rewriting its append-only file: then it begins when that is done
        connection.Ask("BGSAVE SCHEDULE");
        WaitUntil(() => connection.Ask("LASTSAVE") != before, "the end of BGSAVE");
        return new Interval(from, Stopwatch.GetTimestamp());
    }

    public override void ScanAll(LoadConnection connection)
    {
        var cursor = "0";
        do
            cursor = connection.Ask($"SCAN {cursor} MATCH none COUNT 1000", replyLines: 4).Split("\r\n")[2];
        while (cursor != "0");
    }

    protected override ProcessStartInfo Command() => new(
        "redis-server",
        ["--port", Text(Port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--dir", Folder]);

    // it answers LOADING, an error, until it has read its file
    protected override bool IsReady(LoadConnection connection) => connection.Ask("PING").StartsWith("+PONG", StringComparison.Ordinal);
}
