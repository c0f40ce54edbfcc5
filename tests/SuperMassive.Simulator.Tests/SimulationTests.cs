using SuperMassive.Core.Cluster;
using SuperMassive.Simulator.Faults;
using SuperMassive.Simulator.Tests.Toy;

namespace SuperMassive.Simulator.Tests;

public sealed class SimulationTests
{
    /// <summary>
    /// The toy believes its disk: flipped bits cut its journal off, and it has no replica to mend it from. When it is
    /// stopped it syncs nothing.
    /// </summary>
    private static readonly FaultSet Bearable = FaultSet.All.Without(FaultKind.BitFlip).Without(FaultKind.FailSync).Without(FaultKind.Stop);

    /// <summary>The toy counts whole numbers and shows whole scans only.</summary>
    private static RunResult Run(ulong seed, Bug bug, FaultSet faults, bool isVerbose = false)
    {
        var plan = Plan.From(seed, faults);
        var workload = plan.Workload with { WindowPerMille = 0, DecimalPerMille = 0, CountsAtLimit = false };
        return Simulation.Run(plan with { Workload = workload, ReadMode = ReadMode.Consistent }, ToyTopology.With(bug), isVerbose);
    }

    [Fact]
    public void A_store_that_is_right_passes_under_every_fault_it_can_bear()
    {
        var operations = 0;
        for (var seed = 1UL; seed <= 60; seed++)
        {
            var result = Run(seed, Bug.None, Bearable);
            Assert.True(result.Violations.Count == 0, Report.Of(result, "all"));
            operations += result.History.Operations.Count;
        }
        Assert.True(operations > 60 * 100, $"only {operations} operations");
    }

    [Theory]
    [InlineData(nameof(Bug.AnswersBeforeTheJournal), "power")]
    [InlineData(nameof(Bug.ForgetsDeletionsInTheJournal), "crash")]
    [InlineData(nameof(Bug.ReadsAnOldCopy), "none")]
    [InlineData(nameof(Bug.LosesUpdates), "none")]
    [InlineData(nameof(Bug.MixesUpReplies), "none")]
    [InlineData(nameof(Bug.SwallowsRequests), "none")]
    [InlineData(nameof(Bug.InventsValues), "none")]
    [InlineData(nameof(Bug.RecoversOneRecordShort), "crash")]
    [InlineData(nameof(Bug.CutsScans), "none")]
    [InlineData(nameof(Bug.Throws), "none")]
    public void A_store_that_is_wrong_is_found_out(string bug, string faults)
    {
        Assert.True(FaultSet.TryParse(faults, out var set, out _));
        for (var seed = 1UL; seed <= 100; seed++)
        {
            if (Run(seed, Enum.Parse<Bug>(bug), set).Violations.Count > 0)
                return;
        }
        Assert.Fail($"{bug} was not found within 100 seeds");
    }

    [Fact]
    public void The_same_seed_is_the_same_run_told_or_not()
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var (one, other) = (Run(seed, Bug.None, Bearable), Run(seed, Bug.None, Bearable, isVerbose: true));
            Assert.Equal(one.TraceHash, other.TraceHash);
            Assert.Equal(one.Events, other.Events);
            Assert.NotEqual(one.TraceHash, Run(seed + 1_000, Bug.None, Bearable).TraceHash);
        }
    }

    [Fact]
    public void Random_numbers_are_those_of_the_published_algorithm()
    {
        var random = new SimRandom(0);
        Assert.Equal(0x99EC5F36CB75F2B4UL, random.Next());
        Assert.Equal(0xBF6E1F784956452AUL, random.Next());
    }

    [Theory]
    [InlineData("all,-power", true)]
    [InlineData("crash,bitflip", true)]
    [InlineData("crash,earthquake", false)]
    public void Fault_lists_are_read(string text, bool isRight)
    {
        Assert.Equal(isRight, FaultSet.TryParse(text, out var set, out var error));
        Assert.Equal(isRight, error.Length == 0);
        Assert.True(!isRight || set.Bits != 0);
    }
}
