using System.Diagnostics;
using SuperMassive.Core;
using SuperMassive.Core.Protocol;
using Xunit.Abstractions;

namespace SuperMassive.Server.Tests.Telemetry;

public sealed class CommandMeterTests(ITestOutputHelper output)
{
    [Fact]
    public void Counting_a_command_allocates_nothing()
    {
        const int Count = 1_000_000;
        var meter = new CommandMeter();
        Run(meter, Count);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var begun = Stopwatch.GetTimestamp();
        Run(meter, Count);
        var elapsed = Stopwatch.GetElapsedTime(begun);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        output.WriteLine($"{elapsed.TotalNanoseconds / Count:F1} ns and {(double)allocated / Count} bytes a command");
        Assert.Equal(0, allocated);
        Assert.Equal(2 * Count, meter.Figures().Count(Verb.Get, CommandOutcome.Ok));
    }

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(0, 0)]
    [InlineData(50, 0)]
    [InlineData(51, 1)]
    [InlineData(10_000_000, 16)]
    [InlineData(10_000_001, 17)]
    [InlineData(long.MaxValue, 17)]
    public void A_duration_belongs_to_the_first_bucket_whose_bound_it_does_not_exceed(long durationUs, int bucket)
    {
        var meter = new CommandMeter();
        meter.Count(Verb.Put, CommandOutcome.Timeout, durationUs);
        var figures = meter.Figures();
        Assert.Equal(1, figures.InBucket(Verb.Put, bucket));
        Assert.Equal(Math.Max(durationUs, 0), figures.SumUs(Verb.Put, bucket));
        Assert.Equal(1, figures.Count(Verb.Put, CommandOutcome.Timeout));
    }

    [Fact]
    public void Figures_do_not_change_any_more()
    {
        var meter = new CommandMeter();
        meter.Count(Verb.Get, CommandOutcome.NotFound, 1);
        var figures = meter.Figures();
        meter.Count(Verb.Get, CommandOutcome.NotFound, 1);
        Assert.Equal(1, figures.Count(Verb.Get, CommandOutcome.NotFound));
    }

    private static void Run(CommandMeter meter, int count)
    {
        for (var i = 0; i < count; i++)
            meter.Count(Verb.Get, CommandOutcome.Ok, i & 1_023);
    }
}
