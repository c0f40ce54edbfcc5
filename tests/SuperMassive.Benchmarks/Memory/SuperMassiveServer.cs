using System.Diagnostics;
using SuperMassive.Server.Journal;

namespace SuperMassive.Benchmarks.Memory;

/// <summary>A cluster and one node in one process.</summary>
internal sealed class SuperMassiveServer : MeasuredServer
{
    private const string Login = "dVwwcA=="; // u\0p

    public override string Name => "supermassive up";

    public int HttpPort { get; } = FreePort();

    public override LoadConnection Connect() => new(Port, Login, isRedis: false);

    /// <summary>A checkpoint falls due when half of the data has been written anew, and that is what this does.</summary>
    public override Interval Snapshot(int keys)
    {
        const int writesAtOnce = 256;
        using var connection = Connect();
        WaitUntil(() => !IsWritingCheckpoint(), "the end of an earlier checkpoint");
        for (var written = 0L; !IsWritingCheckpoint(); written += writesAtOnce)
        {
            if (written > 4L * keys)
                throw new IOException($"{Name} wrote no checkpoint in {written} writes to {keys} keys");
            var first = (int)(written % (keys - writesAtOnce));
            connection.Fill(first, first + writesAtOnce);
        }
        var from = Stopwatch.GetTimestamp();
        WaitUntil(() => !IsWritingCheckpoint(), "the end of the checkpoint");
        return new Interval(from, Stopwatch.GetTimestamp());
    }

    // one key matches; an empty line ends the reply
    public override void ScanAll(LoadConnection connection) => connection.Ask($"REGX ^{LoadConnection.KeyOf(0)}$", replyLines: 2);

    protected override ProcessStartInfo Command() => new(
        "dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "supermassive.dll"), "up", "--nodes", "1", "--replicas", "0", "--host", "127.0.0.1",
            "--port", Text(Port), "--http-port", Text(HttpPort), "--data", Folder, "--username", "u", "--password", "p",
        ]);

    private bool IsWritingCheckpoint() =>
        Directory.EnumerateFiles(Folder, JournalNames.CheckpointTemporary, SearchOption.AllDirectories).Any();

    // a write needs a node that is healthy, and that has recovered by then
    protected override bool IsReady(LoadConnection connection) =>
        connection.Ask("PUT started yes").StartsWith("OK", StringComparison.Ordinal);
}
