using System.Diagnostics;
using SuperMassive.Topology;

namespace SuperMassive.SystemTests;

/// <summary>The cluster process, or everything, ends and starts again while clients write.</summary>
public class RestartTests(ITestOutputHelper output) : SystemTest(output)
{
    [Fact]
    public async Task The_cluster_process_killed_and_started_again_loses_nothing()
    {
        var topology = await StartAsync(new TopologySettings { Nodes = 2, Replicas = 0 });
        var load = await WriteLoad.StartAsync(topology, "load");
        for (var i = 0; i < 2; i++)
        {
            await load.MoreAsync(500);
            await topology.KillAsync("cluster");
            await topology.StartAsync("cluster");
            await topology.AllHealthyAsync();
        }
        await load.MoreAsync(500);
        Print($"2 kills of the cluster process; {await load.VerifyAsync()}");
    }

    [Fact]
    public async Task Everything_killed_at_once_and_started_again_loses_nothing()
    {
        var topology = await StartAsync(new TopologySettings { Nodes = 2, Replicas = 1 });
        var load = await WriteLoad.StartAsync(topology, "load");
        await load.MoreAsync(1_000);
        await topology.KillAllAsync();
        var watch = Stopwatch.StartNew();
        await topology.StartAllAsync();
        var startedMs = watch.ElapsedMilliseconds;
        await load.MoreAsync(500);
        var figures = await load.VerifyAsync();
        await topology.ReplicasBecomeEqualAsync();
        Print($"5 processes healthy again {startedMs} ms after the start; {figures}");
    }

    [Fact]
    public async Task A_node_asked_to_stop_under_load_loses_nothing()
    {
        var topology = await StartAsync(new TopologySettings { Nodes = 2, Replicas = 0 });
        var load = await WriteLoad.StartAsync(topology, "load");
        await load.MoreAsync(500);
        var watch = Stopwatch.StartNew();
        await topology.StopAsync("node-2");
        var stoppedMs = watch.ElapsedMilliseconds;
        await load.MoreAsync(200);
        await topology.StartAsync("node-2");
        await topology.AllHealthyAsync();
        await topology.AssertDrainedAsync("node-2");
        Print($"node-2 stopped under load in {stoppedMs} ms; {await load.VerifyAsync()}");
    }
}
