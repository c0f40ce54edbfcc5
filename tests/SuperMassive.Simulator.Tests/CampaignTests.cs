using SuperMassive.Simulator.Checking;
using SuperMassive.Simulator.Cores;

namespace SuperMassive.Simulator.Tests;

public sealed class CampaignTests
{
    [Theory]
    [InlineData("--seeds")]
    [InlineData("--seeds", "many")]
    [InlineData("--seeds", "0")]
    [InlineData("--minutes", "-1")]
    [InlineData("--faults", "earthquake")]
    [InlineData("--skip", "1,two")]
    [InlineData("--depth", "3")]
    public void A_command_line_that_makes_no_sense_is_told(params string[] words)
    {
        Assert.False(Options.TryParse(words, out _, out var error));
        Assert.NotEqual("", error);
    }

    [Fact]
    public void The_first_seed_that_fails_is_the_lowest_however_many_threads_look_for_it()
    {
        Assert.True(Options.TryParse(
            ["--seeds", "12", "--faults", "none", "--stop-at-first", "yes", "--threads", "4"], out var options, out _));
        var one = Failing(options);
        Assert.Equal(one, Failing(options with { Threads = 1 }));
        Assert.Contains("--seed 7 ", one);
    }

    [Fact]
    public void A_campaign_ends_on_time()
    {
        Assert.True(Options.TryParse(["--minutes", "0.0001", "--faults", "none"], out var options, out _));
        var output = new StringWriter();
        Assert.Equal(0, new Campaign(options, CoreTopology.Build, output).Run());
        Assert.Contains("violations   0", output.ToString());
    }

    [Fact]
    public void A_seed_that_hangs_is_told_and_the_others_go_on()
    {
        using var isOver = new CancellationTokenSource();
        Topology Build(World world, Plan plan)
        {
            while (plan.Seed == 2 && !isOver.IsCancellationRequested)
                Thread.SpinWait(100);
            return CoreTopology.Build(world, plan);
        }
        Assert.True(Options.TryParse(["--seeds", "6", "--faults", "none", "--threads", "2"], out var options, out _));
        var output = new StringWriter();
        Assert.Equal(1, new Campaign(options with { HangMs = 2_000 }, Build, output).Run());
        isOver.Cancel();
        Assert.Contains("seed 2: 1 violation\n", output.ToString());
        Assert.Contains("hang: did not end within 2000 ms", output.ToString());
        Assert.Contains("seeds        6 ", output.ToString());
        Assert.Contains("violations   1 in 1 seeds", output.ToString());
    }

    private static string Failing(Options options)
    {
        var output = new StringWriter();
        Topology Build(World world, Plan plan)
        {
            if (plan.Seed >= 7)
                world.Violations.Add(new Violation("test", "", "from seed 7 on everything fails"));
            return CoreTopology.Build(world, plan);
        }
        new Campaign(options, Build, output).Run();
        return output.ToString().Split('\n')[1];
    }
}
