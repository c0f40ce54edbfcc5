using System.Diagnostics;
using System.Globalization;
using SuperMassive.Topology;

namespace SuperMassive.SystemTests;

/// <summary>
/// Random schedules of SIGKILL and SIGSTOP against every kind of process, under clients whose whole history must have an explanation.
/// <c>SUPERMASSIVE_FAULT_ROUNDS</c> multiplies their length for a long run.
/// </summary>
public sealed class FaultScheduleTests(ITestOutputHelper output) : SystemTest(output)
{
    private const int FaultsPerRound = 10;

    private static readonly int Longer = int.Parse(
        Environment.GetEnvironmentVariable("SUPERMASSIVE_FAULT_ROUNDS") ?? "1", NumberStyles.None, CultureInfo.InvariantCulture);

    private readonly List<double> _startMs = [];

    [Fact]
    public async Task Two_hundred_kills_of_any_process_lose_no_acknowledged_write()
    {
        var topology = Prepare(new TopologySettings { Nodes = 2, Replicas = 1 });
        await topology.StartAllAsync();
        var random = new Random(20_261);
        var (kills, acknowledged, operations) = (0, 0L, 0L);
        for (var round = 0; kills < 200 * Longer; round++)
        {
            var load = await RecordedLoad.StartAsync(topology, $"round-{round}", random.Next());
            await load.MoreAsync(50);
            for (var i = 0; i < FaultsPerRound; i++)
                kills += await KillSomeAsync(topology, load, random);
            await topology.AllHealthyAsync();
            await load.VerifyAsync();
            acknowledged += load.Acknowledged;
            operations += load.Count;
        }
        await topology.ReplicasBecomeEqualAsync();
        _startMs.Sort();
        Print($"{kills} kills, {operations} recorded operations, {acknowledged} acknowledged writes, 0 lost or out of order; from start to "
            + $"listening: median {_startMs[_startMs.Count / 2]:0} ms, longest {_startMs[^1]:0} ms");
    }

    [Fact]
    public async Task Thirty_freezes_of_any_process_mix_up_no_reply()
    {
        var topology = Prepare(new TopologySettings { Nodes = 2, Replicas = 1 });
        topology.EditCluster(options => options with
        {
            Shards = [.. options.Shards.Select(shard => shard with
            {
                Primary = shard.Primary with { ReadTimeoutMs = 500, ConnectTimeoutMs = 500 },
            })],
        });
        await topology.StartAllAsync();
        var random = new Random(4_211);
        var names = topology.Names().ToArray();
        var (operations, longestMs) = (0L, 0.0);
        for (var round = 0; round < 3 * Longer; round++)
        {
            var load = await RecordedLoad.StartAsync(topology, $"round-{round}", random.Next());
            for (var i = 0; i < FaultsPerRound; i++)
            {
                await load.MoreAsync(50);
                var victim = names[random.Next(names.Length)];
                // mostly around the time after which a node counts as down, once well beyond it
                var lastingMs = i == FaultsPerRound - 1 ? 4_000 : random.Next(100, 1_200);
                var watch = Stopwatch.StartNew();
                await topology.SuspendAsync(victim);
                if (victim != "cluster")
                {
                    await load.MoreAsync(20);
                    longestMs = Math.Max(longestMs, watch.Elapsed.TotalMilliseconds);
                }
                await Wait.UntilAsync("the end of the freeze", () => Task.FromResult(watch.ElapsedMilliseconds >= lastingMs));
                topology.Resume(victim);
            }
            await topology.AllHealthyAsync();
            await load.VerifyAsync();
            operations += load.Count;
        }
        await topology.ReplicasBecomeEqualAsync();
        Print($"{3 * Longer * FaultsPerRound} freezes, {operations} recorded operations, every answer explained; "
            + "with a node frozen, 20 writes took "
            + $"{longestMs:0} ms at most (read-timeout 500 ms)");
    }

    /// <summary>Kills one process, sometimes a second, and starts them again, now and then before anybody has noticed.</summary>
    /// <returns>How many were killed.</returns>
    private async Task<int> KillSomeAsync(LocalProcesses topology, RecordedLoad load, Random random)
    {
        var names = topology.Names().ToArray();
        random.Shuffle(names);
        var victims = names[..(random.Next(4) == 0 ? 2 : 1)];
        foreach (var victim in victims)
            await topology.KillAsync(victim);
        var mayWrite = !victims.Contains("cluster") && topology.Plan.Nodes.Any(node => !victims.Contains(node.Name));
        if (mayWrite && random.Next(3) > 0)
            await load.MoreAsync(20);
        foreach (var victim in victims)
        {
            var watch = Stopwatch.StartNew();
            await topology.StartAsync(victim);
            _startMs.Add(watch.Elapsed.TotalMilliseconds);
        }
        if (random.Next(2) == 0)
            await load.MoreAsync(20);
        return victims.Length;
    }
}
