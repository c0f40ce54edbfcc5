using SuperMassive.Core.Journal;
using SuperMassive.Server.Journal;
using SuperMassive.Topology;

namespace SuperMassive.SystemTests;

/// <summary>Journal files that are moved, damaged or looked into, as an operator does.</summary>
public class JournalTests(ITestOutputHelper output) : SystemTest(output)
{
    private const string Node = "node-1";
    private const string Replica = "node-1-replica-1";

    [Fact]
    public async Task A_node_started_on_its_replicas_directory_takes_over_all_data()
    {
        var topology = await StartAsync(new TopologySettings { Nodes = 1, Replicas = 1 });
        var load = await WriteLoad.StartAsync(topology, "load");
        await load.MoreAsync(1_000);
        await load.StopAsync();
        await topology.AllInSyncAsync();
        await topology.KillAsync(Node);
        await topology.StopAsync(Replica);
        topology.EmptyJournal(Node);
        foreach (var file in topology.JournalFilesOf(Replica))
            File.Move(file, Path.Combine(topology.Process(Node).Directory, Path.GetFileName(file)));

        await topology.StartAsync(Replica, Node);
        await topology.AllHealthyAsync();
        var figures = await load.VerifyAsync();
        await topology.ReplicasBecomeEqualAsync();
        Print($"the node lost its disk and took over its replica's: {figures}");
    }

    [Fact]
    public async Task A_damaged_page_is_repaired_from_the_replica_at_start()
    {
        var topology = await StartAsync(new TopologySettings { Nodes = 1, Replicas = 1 });
        var load = await WriteLoad.StartAsync(topology, "load");
        await load.MoreAsync(1_000);
        await load.StopAsync();
        await topology.AllInSyncAsync();
        await topology.StopAsync(Node);
        var segment = JournalListing.Read(topology.Process(Node).Directory).Segments[0].FullPath;
        var bytes = await File.ReadAllBytesAsync(segment);
        bytes[bytes.Length / 2] ^= 0x10;
        await File.WriteAllBytesAsync(segment, bytes);

        await topology.StartAsync(Node);
        var line = await topology.LogLineAsync(Node, "repaired page", segment, topology.Process(Replica).Address);
        await topology.AllHealthyAsync();
        var figures = await load.VerifyAsync();
        await topology.ReplicasBecomeEqualAsync();
        Print($"{line}; {figures}");
    }

    [Fact]
    public async Task A_replica_with_a_damaged_journal_starts_over_from_its_primary()
    {
        var topology = await StartAsync(new TopologySettings { Nodes = 1, Replicas = 1 });
        var load = await WriteLoad.StartAsync(topology, "load");
        await load.MoreAsync(1_000);
        await topology.StopAsync(Replica);
        var segment = JournalListing.Read(topology.Process(Replica).Directory).Segments[0].FullPath;
        var bytes = await File.ReadAllBytesAsync(segment);
        bytes.AsSpan(Page.PageBytes * 2, 100).Clear();
        await File.WriteAllBytesAsync(segment, bytes);

        await topology.StartAsync(Replica);
        await topology.LogLineAsync(Replica, "starts over from its primary", JournalNames.Damaged);
        await load.MoreAsync(200);
        var figures = await load.VerifyAsync();
        await topology.ReplicasBecomeEqualAsync();
        Print($"the replica took {topology.Journal(Replica).Bytes.Length} bytes anew; {figures}");
    }
}
