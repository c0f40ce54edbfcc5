using SuperMassive.Client;
using SuperMassive.Topology;

namespace SuperMassive.SystemTests;

/// <summary>A replica that comes late, falls behind, or has lost its data, while clients write.</summary>
public class ReplicaTests(ITestOutputHelper output) : SystemTest(output)
{
    private const string Node = "node-1";
    private const string Replica = "node-1-replica-1";

    [Fact]
    public async Task Late_behind_or_emptied_it_ends_equal_to_its_primary()
    {
        var topology = await PrepareAsync(new TopologySettings { Nodes = 1, Replicas = 1 });
        await topology.StartAsync(Node, "cluster");
        await topology.AllHealthyAsync();

        await CatchUpAsync(topology, "late");
        await topology.KillAsync(Replica);
        await CatchUpAsync(topology, "behind");
        await topology.KillAsync(Replica);
        topology.EmptyJournal(Replica);
        await CatchUpAsync(topology, "emptied");
    }

    /// <summary>Starts the replica in the midst of writes, and compares when they have ended.</summary>
    private async Task CatchUpAsync(ITopology topology, string name)
    {
        var load = await WriteLoad.StartAsync(topology, name);
        await load.MoreAsync(1_000);
        await topology.StartAsync(Replica);
        await topology.StatisticsBecomeAsync("the replica in sync", statistics =>
            statistics.Of(topology.Process(Replica))["health"] == "in sync");
        await load.MoreAsync(500);
        var figures = await load.VerifyAsync();
        await topology.ReplicasBecomeEqualAsync();

        // both are asked one after the other, and the cluster may have tombstones forgotten in between
        string? keys = null;
        await topology.StatisticsBecomeAsync("equal contents", statistics =>
        {
            var (node, replica) = (statistics.Of(topology.Process(Node)), statistics.Of(topology.Process(Replica)));
            keys = node["keys"];
            return Contents(node) == Contents(replica);
        });
        Print($"{name}: {topology.Journal(Node).Bytes.Length} bytes of journal and {keys} keys are equal; {figures}");

        static (string?, string?, string?) Contents(ProcessStatistics process) =>
            (process["keys"], process["tombstones"], process["highest_version"]);
    }
}
