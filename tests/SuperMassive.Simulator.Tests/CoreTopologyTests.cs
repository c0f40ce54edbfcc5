using SuperMassive.Simulator.Cores;
using SuperMassive.Simulator.Faults;

namespace SuperMassive.Simulator.Tests;

/// <summary>The real cores in a world; the long campaigns belong to the console.</summary>
public sealed class CoreTopologyTests
{
    private const ulong Seeds = 60;

    private static RunResult Run(ulong seed, FaultSet faults, bool isVerbose = false) =>
        Simulation.Run(Plan.From(seed, faults), CoreTopology.Build, isVerbose);

    [Fact]
    public void The_same_seed_is_the_same_run()
    {
        for (var seed = 1UL; seed <= 5; seed++)
            Assert.Equal(Run(seed, FaultSet.All).TraceHash, Run(seed, FaultSet.All, isVerbose: true).TraceHash);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("crash")]
    [InlineData("power")]
    [InlineData("pause,reset")]
    [InlineData("partition,oneway,halfopen")]
    [InlineData("all,-failwrite,-fulldisk,-failsync")]
    public void A_topology_keeps_its_promises(string names)
    {
        Assert.True(FaultSet.TryParse(names, out var faults, out _));
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            var result = Run(seed, faults);
            Assert.True(result.Violations.Count == 0, Report.Of(result, names));
        }
    }
}
