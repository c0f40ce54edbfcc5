using System.Diagnostics;
using SuperMassive.Topology;

namespace SuperMassive.SystemTests;

/// <summary>A node that stands still while clients write: its connections stay open and nothing answers.</summary>
public sealed class NodeFreezeTests(ITestOutputHelper output) : SystemTest(output)
{
    [Fact]
    public async Task A_frozen_node_is_passed_over_and_its_late_writes_change_nothing()
    {
        var topology = Prepare(new TopologySettings { Nodes = 2, Replicas = 1 });
        topology.EditCluster(options => options with
        {
            Shards = [.. options.Shards.Select(shard => shard with
            {
                Primary = shard.Primary with { ReadTimeoutMs = 1_000, ConnectTimeoutMs = 1_000 },
            })],
        });
        await topology.StartAllAsync();
        var load = await WriteLoad.StartAsync(topology, "load");
        await load.MoreAsync(500);

        var watch = Stopwatch.StartNew();
        await topology.SuspendAsync("node-1");
        await load.MoreAsync(1_000);
        var stalledMs = watch.ElapsedMilliseconds;
        await topology.StatisticsBecomeAsync("node-1 down", statistics => statistics.Of(topology.Process("node-1")).IsDown);
        await topology.LogLineAsync("cluster", topology.Process("node-1").Address, "no reply for 1000 ms");
        topology.Resume("node-1");
        await topology.AllHealthyAsync();
        await load.MoreAsync(500);

        var figures = await load.VerifyAsync();
        await topology.ReplicasBecomeEqualAsync();
        Print($"1000 writes were acknowledged within {stalledMs} ms of the freeze; {figures}");
    }
}
