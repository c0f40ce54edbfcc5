using SuperMassive.Simulator.Cores;
using SuperMassive.Simulator.Faults;

namespace SuperMassive.Simulator.Tests;

/// <summary>The real cores in a world; the long campaigns belong to the console.</summary>
public sealed class CoreTopologyTests
{
    private static RunResult Run(ulong seed, FaultSet faults, bool isVerbose = false) =>
        Simulation.Run(Plan.From(seed, faults), CoreTopology.Build, isVerbose);

    [Fact]
    public void The_same_seed_is_the_same_run()
    {
        for (var seed = 1UL; seed <= 5; seed++)
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
    [InlineData("all,-failwrite,-fulldisk,-failsync,-reconfigure", 300)]
    public void A_topology_keeps_its_promises(string names, ulong seeds)
    {
        Assert.True(FaultSet.TryParse(names, out var faults, out _));
        for (var seed = 1UL; seed <= seeds; seed++)
        {
            var result = Run(seed, faults);
            Assert.True(result.Violations.Count == 0, Report.Of(result, names));
        }
    }
}
