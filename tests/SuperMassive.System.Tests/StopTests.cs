using System.Diagnostics;
using SuperMassive.Topology;

namespace SuperMassive.SystemTests;

/// <summary>Every process is asked to end while clients write.</summary>
public sealed class StopTests(ITestOutputHelper output) : SystemTest(output)
{
    [Fact]
    public async Task Asked_to_stop_each_process_drains_exits_with_0_and_recovers_every_key()
    {
        var topology = Prepare(new TopologySettings { Nodes = 2, Replicas = 1 });
        await topology.StartAllAsync();
        var load = await WriteLoad.StartAsync(topology, "load");
        await load.MoreAsync(1_000);
        var watch = Stopwatch.StartNew();
        Assert.Equal(0, await topology.StopAsync("cluster"));
        var drainedMs = watch.ElapsedMilliseconds;
        foreach (var name in topology.Names().Reverse().Where(name => name != "cluster"))
            Assert.Equal(0, await topology.StopAsync(name));
        var stoppedMs = watch.ElapsedMilliseconds;
        foreach (var name in topology.Names())
            await topology.AssertDrainedAsync(name);

        await topology.StartAllAsync();
        Print($"the cluster stopped under load in {drainedMs} ms, all 5 processes in {stoppedMs} ms; {await load.VerifyAsync()}");
    }
}
