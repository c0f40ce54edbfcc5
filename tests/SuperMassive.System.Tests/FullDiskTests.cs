using System.Text;
using SuperMassive.Client;
using SuperMassive.Core.Journal;
using SuperMassive.Topology;
using Record = SuperMassive.Core.Journal.Record;

namespace SuperMassive.SystemTests;

/// <summary>A node whose disk is full for real.</summary>
public class FullDiskTests(ITestOutputHelper output) : SystemTest(output)
{
    private const string Node = "node-1";
    private const int ValueBytes = 4_000;

    /// <summary>So many refusals in a row are no accident.</summary>
    private const int Refusals = 50;

    private readonly Dictionary<string, string> _acknowledged = [];
    private int _asked;
    private int _refused;

    [Fact]
    public async Task It_refuses_writes_answers_reads_and_goes_on_when_there_is_room()
    {
        using var disk = SmallDisk.Create(Path.Combine(DataDirectory, Node));
        var topology = await StartAsync(new TopologySettings { Nodes = 1, Replicas = 0 });
        Assert.Equal(Path.Combine(DataDirectory, Node), topology.Process(Node).Directory);
        await using var client = await topology.ConnectAsync();

        await WriteUntilFullAsync(client);
        await AllAreReadAsync(client);
        await topology.StatisticsBecomeAsync("a node that says so",
            s => s.Of(topology.Process(Node))["health"] == "read only: journal disk full");
        Print($"full: {_acknowledged.Count} writes acknowledged and read back, {_refused} refused");

        disk.MakeRoom();
        var before = _acknowledged.Count;
        await Wait.UntilAsync("a write that is taken again", () => WriteAsync(client));
        await topology.StatisticsBecomeAsync("a node that writes", s => s.Of(topology.Process(Node))["health"] == "ok");
        await WriteUntilFullAsync(client);
        Print($"after room was made: {_acknowledged.Count - before} more writes acknowledged, {_refused} refused in all");

        await topology.KillAsync(Node);
        AllAreInJournal(topology);
        await topology.StartAsync(Node);
        await topology.AllHealthyAsync();
        await AllAreReadAsync(client);
        Assert.False(await WriteAsync(client), "there is still no room");
        Print($"killed and started while full: {_acknowledged.Count} acknowledged, {_acknowledged.Count} in the journal and read back");

        disk.MakeRoom();
        await Wait.UntilAsync("a write that is taken after the restart", () => WriteAsync(client));
        await topology.StopAsync(Node);
        AllAreInJournal(topology);
        await topology.StartAsync(Node);
        await topology.AllHealthyAsync();
        await AllAreReadAsync(client);
        Print($"on {disk.Kind}: {_asked} writes asked, {_acknowledged.Count} acknowledged, {_refused} refused, 0 lost");
        await topology.KillAllAsync();
    }

    private async Task WriteUntilFullAsync(SuperMassiveClient client)
    {
        for (var refusedInARow = 0; refusedInARow < Refusals;)
            refusedInARow = await WriteAsync(client) ? 0 : refusedInARow + 1;
    }

    /// <returns>Whether it was acknowledged; otherwise it was refused for want of room.</returns>
    private async Task<bool> WriteAsync(SuperMassiveClient client)
    {
        var key = $"key-{_asked++}";
        var value = $"{key}=".PadRight(ValueBytes, '.');
        try
        {
            await client.PutAsync(key, value);
            _acknowledged.Add(key, value);
            return true;
        }
        catch (SuperMassiveServerException refusal)
        {
            Assert.Equal("journal disk full", refusal.Reason);
            _refused++;
            return false;
        }
    }

    private async Task AllAreReadAsync(SuperMassiveClient client)
    {
        foreach (var (key, value) in _acknowledged)
            Assert.Equal(value, await client.GetAsync(key));
    }

    /// <summary>No OK without its record, and no record of what was refused.</summary>
    private void AllAreInJournal(ITopology topology)
    {
        var recorded = new Dictionary<string, string>();
        var scan = new JournalScan();
        scan.Feed(topology.Journal(Node).Bytes, (in Record record, long _) =>
        {
            if (record.Kind == RecordKind.Put)
                recorded[Encoding.ASCII.GetString(record.Key)] = Encoding.ASCII.GetString(record.Value);
        });
        Assert.NotEqual(JournalState.Corrupt, scan.Finish().State);
        Assert.Equal(_acknowledged.OrderBy(p => p.Key, StringComparer.Ordinal), recorded.OrderBy(p => p.Key, StringComparer.Ordinal));
    }
}
