using System.Diagnostics;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;
using SuperMassive.Server.Journal;
using SuperMassive.Server.Tests.Configuration;

namespace SuperMassive.Server.Tests.Hosting;

/// <summary>A node's files under clients: how often they are synced, and how long they grow.</summary>
public sealed class NodeJournalTests
{
    [Fact]
    public async Task With_journal_mode_always_many_clients_share_an_fsync()
    {
        const int clients = 32;
        const int writes = 25;
        using var folder = new TemporaryFolder();
        using var cluster = new InProcessCluster(folder.Path, JournalMode.Always);
        var connected = new List<InProcessCluster.Client>();
        for (var i = 0; i < clients; i++)
            connected.Add(await cluster.ConnectAsync());
        var before = cluster.Journal.SyncCount;
        var watch = Stopwatch.StartNew();
        // all are on their way before the first reply is read, however slowly these clients get to run
        foreach (var (number, client) in connected.Index())
            await client.SendAsync(string.Concat(Enumerable.Range(0, writes).Select(n => $"PUT key-{number} {n}\r\n")));
        foreach (var client in connected)
        {
            for (var n = 0; n < writes; n++)
                Assert.StartsWith("OK", await client.ReadAsync());
        }
        var syncs = cluster.Journal.SyncCount - before;
        Console.WriteLine($"always: {clients * writes} writes of {clients} clients answered after {syncs} fsyncs, "
            + $"{clients * writes / (double)syncs:0.0} each, in {watch.ElapsedMilliseconds} ms");
        Assert.True(syncs < clients * writes / 2, "they share them");
        for (var n = 1; n <= writes; n++)
        {
            Assert.StartsWith("OK", await connected[0].AskAsync($"PUT alone {n}"));
            Assert.True(cluster.Journal.SyncCount - before - syncs >= n, "a write is answered after an fsync of its own");
        }
        foreach (var client in connected)
            client.Dispose();
    }

    [Fact]
    public async Task Recovery_reads_what_is_live_and_not_what_was()
    {
        const int keys = 100;
        const int writes = 8_000;
        const int valueBytes = 20_000;
        using var folder = new TemporaryFolder();
        NodeSettings settings;
        using (var cluster = new InProcessCluster(folder.Path, JournalMode.Written))
        {
            settings = cluster.Settings;
            using var client = await cluster.ConnectAsync();
            await client.OverwriteAsync(keys, writes, valueBytes);
            await cluster.CheckpointAsync(client, behindBytes: Page.SegmentPages * Page.PageBytes / 4);
        }
        var onDisk = new DirectoryInfo(folder.Path).GetFiles().Sum(file => file.Length);
        var watch = Stopwatch.StartNew();
        var started = JournalStart.Open(folder.Path, settings);
        using var data = started.Recovery.Data;
        using var files = started.Files;
        Console.WriteLine($"{writes} writes of {valueBytes} bytes to {keys} keys: {files.EndLsn} bytes of journal in all, "
            + $"{onDisk} on the disk from LSN {files.FirstLsn}; "
            + $"recovery read {started.Result.Records} records, {started.Result.ReadBytes} bytes in {watch.ElapsedMilliseconds} ms");
        Assert.NotNull(started.Result.CheckpointLsn);
        Assert.Equal(keys + 1, data.Table.LiveCount);
        Assert.True(started.Result.Records < writes / 4, "a checkpoint stands for what was overwritten");
        Assert.True(files.FirstLsn > 0, "segments before the checkpoint are gone");
        Assert.True(onDisk < files.EndLsn * 2 / 3);
    }
}
