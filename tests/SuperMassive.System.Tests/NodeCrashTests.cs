using System.Diagnostics;
using SuperMassive.Topology;

namespace SuperMassive.SystemTests;

/// <summary>A node killed with SIGKILL while clients write.</summary>
public class NodeCrashTests(ITestOutputHelper output) : SystemTest(output)
{
    private const int Baseline = 300;

    [Fact]
    public async Task A_killed_node_loses_nothing_is_stood_in_for_and_takes_part_again()
    {
        var topology = await StartAsync(new TopologySettings { Nodes = 2, Replicas = 1 });
        await using var client = await topology.ConnectAsync();
        for (var i = 0; i < Baseline; i++)
            await client.PutAsync($"base-{i}", $"value-{i}");
        await topology.AllInSyncAsync();
        var load = await WriteLoad.StartAsync(topology, "load");
        await load.MoreAsync(1_000);

        await topology.KillAsync("node-1");
        var killedAt = load.Acknowledged;
        await load.MoreAsync(500);
        var node = topology.Process("node-1");
        await topology.StatisticsBecomeAsync("node-1 down", statistics => statistics.Of(node).IsDown);
        for (var i = 0; i < Baseline; i++)
            Assert.Equal($"value-{i}", await client.GetAsync($"base-{i}"));

        var watch = Stopwatch.StartNew();
        await topology.StartAsync("node-1");
        await topology.AllHealthyAsync();
        var recoveredMs = watch.ElapsedMilliseconds;
        var written = (await client.GetStatisticsAsync()).Of(node).Number("written_lsn");
        await load.MoreAsync(500);
        await topology.StatisticsBecomeAsync("node-1 taking writes", statistics => statistics.Of(node).Number("written_lsn") > written);
        await topology.LogLineAsync("node-1", "recovered", "records");

        var figures = await load.VerifyAsync();
        for (var i = 0; i < Baseline; i++)
            Assert.Equal($"value-{i}", await client.GetAsync($"base-{i}"));
        await topology.ReplicasBecomeEqualAsync();
        Print($"killed after {killedAt} acknowledged writes, healthy again {recoveredMs} ms after its start; {figures}");
    }

    [Fact]
    public async Task Killed_again_and_again_nodes_and_replicas_lose_nothing()
    {
        var topology = await StartAsync(new TopologySettings { Nodes = 2, Replicas = 1 });
        var load = await WriteLoad.StartAsync(topology, "load");
        string[] victims = ["node-1", "node-2", "node-2-replica-1", "node-1", "node-1-replica-1", "node-2"];
        foreach (var victim in victims)
        {
            await load.MoreAsync(300);
            await topology.KillAsync(victim);
            await load.MoreAsync(100);
            await topology.StartAsync(victim);
            await topology.AllHealthyAsync();
        }
        var figures = await load.VerifyAsync();
        await topology.ReplicasBecomeEqualAsync();
        Print($"{victims.Length} kills; {figures}");
    }
}
