using SuperMassive.Server.Hosting;
using SuperMassive.Server.Tests.Loop;

namespace SuperMassive.Server.Tests.Hosting;

public sealed class RecoveryLogTests
{
    [Fact]
    public void A_long_recovery_says_how_far_it_is_once_a_second()
    {
        var logger = new RecordingLogger();
        var time = new ManualTime();
        var steps = new List<long>();
        var log = new RecoveryLog(logger, (done, _) => steps.Add(done), time);
        for (var done = 0; done <= 1_000; done += 10)
        {
            log.Report(done, 1_000);
            time.Milliseconds += 50;
        }
        Assert.Equal(101, steps.Count);
        Assert.Equal(
            ["recovering 20 % of 1000 bytes, about 4 s left", "recovering 40 % of 1000 bytes, about 3 s left",
             "recovering 60 % of 1000 bytes, about 2 s left", "recovering 80 % of 1000 bytes, about 1 s left"],
            logger.Lines.Select(line => line.Text));
    }

    [Fact]
    public void A_short_one_says_nothing()
    {
        var logger = new RecordingLogger();
        var log = new RecoveryLog(logger, null, new ManualTime());
        log.Report(0, 10);
        log.Report(10, 10);
        Assert.Empty(logger.Lines);
    }

    private sealed class ManualTime : TimeProvider
    {
        public long Milliseconds { get; set; } = 1;

        public override long TimestampFrequency => 1_000;

        public override long GetTimestamp() => Milliseconds;
    }
}
