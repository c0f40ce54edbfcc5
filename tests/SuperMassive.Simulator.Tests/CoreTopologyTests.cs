using SuperMassive.Simulator.Cores;
using SuperMassive.Simulator.Faults;
using Xunit.Abstractions;

namespace SuperMassive.Simulator.Tests;

/// <summary>
/// The real cores in a world. Seeds are chosen once: a change is judged by the same runs as the one before it. Looking for more is the console's.
/// </summary>
public sealed class CoreTopologyTests(ITestOutputHelper log)
{
    private static RunResult Run(ulong seed, FaultSet faults, bool isVerbose = false) =>
        Simulation.Run(Plan.From(seed, faults), CoreTopology.Build, isVerbose);

    [Fact]
    public void The_same_seed_is_the_same_run()
    {
        for (var seed = 1UL; seed <= 8; seed++)
            Assert.Equal(Run(seed, FaultSet.All).TraceHash, Run(seed, FaultSet.All, isVerbose: true).TraceHash);
    }

    [Theory]
    [InlineData("none", 60)]
    [InlineData("crash", 60)]
    [InlineData("power", 60)]
    [InlineData("pause,reset", 60)]
    [InlineData("partition,oneway,halfopen", 60)]
    [InlineData("takeover,pause", 60)]
    [InlineData("diskloss,crash", 60)]
    [InlineData("removal", 60)]
    [InlineData("stateloss,crash", 60)]
    [InlineData("emptied,rot", 60)]
    [InlineData("fulldisk", 60)]
    public void A_topology_keeps_its_promises(string names, long seeds) => RunAll(names, seeds);

    [Fact]
    public void A_topology_keeps_its_promises_whatever_goes_wrong() => RunAll("all", seeds: 8_000);

    private void RunAll(string names, long seeds)
    {
        Assert.True(FaultSet.TryParse(names, out var faults, out _));
        var output = new StringWriter();
        var exitCode = new Campaign(
            new Options { Seeds = seeds, Faults = faults, FaultsText = names }, CoreTopology.Build, output).Run();
        log.WriteLine(output.ToString());
        Assert.True(exitCode == 0, output.ToString());
    }
}
