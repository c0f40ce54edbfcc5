using Microsoft.Extensions.Logging.Abstractions;
using SuperMassive.Core;
using SuperMassive.Server.Hosting;
using SuperMassive.Server.Loop;
using SuperMassive.Server.Telemetry;

namespace SuperMassive.Server.Tests.Telemetry;

public sealed class LoopMonitorTests
{
    [Fact]
    public void Before_the_loop_turns_it_is_alive_and_not_ready()
    {
        var monitor = new LoopMonitor();
        Assert.Null(monitor.LiveProblem(1_000_000));
        Assert.Equal("starting", monitor.ReadyProblem(1_000_000));
        monitor.Recovering(25, 100);
        Assert.Null(monitor.LiveProblem(1_000_000));
        Assert.Equal("recovering 25 %", monitor.ReadyProblem(1_000_000));
        Assert.Equal(0.25, monitor.RecoveryProgress);
    }

    [Fact]
    public void A_loop_that_has_not_turned_for_ten_seconds_is_not_alive()
    {
        var monitor = new LoopMonitor();
        monitor.Start([], _ => null, nowMs: 1_000);
        monitor.Turned(2_000);
        Assert.Null(monitor.LiveProblem(12_000));
        Assert.Equal("the loop has not turned for 11 s", monitor.LiveProblem(13_001));
        Assert.Equal("the loop has not turned for 11 s", monitor.ReadyProblem(13_001));
        monitor.Turned(13_002);
        Assert.Null(monitor.LiveProblem(13_003));
        monitor.Stopping();
        Assert.Null(monitor.LiveProblem(99_000));
        Assert.Equal("stopping", monitor.ReadyProblem(99_000));
    }

    [Fact]
    public void It_publishes_every_250_ms_and_allocates_at_no_other_time()
    {
        var monitor = new LoopMonitor();
        var problems = 0;
        monitor.Start([], _ => $"problem {problems++}", nowMs: 1_000);
        Assert.Equal("problem 0", monitor.ReadyProblem(1_000));
        monitor.Turned(1_001);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var nowMs = 1_001; nowMs < 1_250; nowMs++)
            monitor.Turned(nowMs);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
        Assert.Equal("problem 0", monitor.ReadyProblem(1_249));
        monitor.Turned(1_250);
        Assert.Equal("problem 1", monitor.ReadyProblem(1_250));
    }

    [Fact]
    public void A_real_loop_that_is_blocked_is_found_out()
    {
        using var loop = new EventLoop(NullLogger.Instance);
        using var release = new ManualResetEventSlim();
        var monitor = new LoopMonitor(stuckMs: 200);
        monitor.Start([], _ => null, Environment.TickCount64);
        loop.Turned = monitor.Turned;
        loop.Start("loop");
        loop.Post(release.Wait);
        Assert.True(SpinWait.SpinUntil(() => monitor.LiveProblem(Environment.TickCount64) is not null, TimeSpan.FromSeconds(60)));
        release.Set();
        Assert.True(SpinWait.SpinUntil(() => monitor.LiveProblem(Environment.TickCount64) is null, TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void Other_threads_see_whole_snapshots_while_the_loop_counts()
    {
        using var loop = new EventLoop(NullLogger.Instance);
        using var core = new CountingCore(loop);
        var monitor = new LoopMonitor();
        monitor.Start([core], _ => null, nowMs: 0);
        var seen = 0L;
        var reader = new Thread(() =>
        {
            while (monitor.ReadyProblem(0) is null)
            {
                var snapshot = monitor.Snapshot!.Cores[0];
                Assert.Equal(snapshot.CountOf(CoreEvent.LinkUp), snapshot.CountOf(CoreEvent.LinkDown));
                Assert.True(snapshot.CountOf(CoreEvent.LinkUp) >= seen, "figures went back");
                Volatile.Write(ref seen, snapshot.CountOf(CoreEvent.LinkUp));
            }
        });
        reader.Start();
        for (var nowMs = 0L; nowMs < 2_000_000 || Volatile.Read(ref seen) == 0; nowMs += LoopMonitor.PublishMs)
        {
            core.Report(CoreEvent.LinkUp, "peer:1", "");
            core.Report(CoreEvent.LinkDown, "peer:1", "");
            monitor.Turned(nowMs);
        }
        monitor.Stopping();
        Assert.True(reader.Join(TimeSpan.FromSeconds(60)));
        Assert.True(seen > 0);
    }

    private sealed class CountingCore(EventLoop loop) : HostedCore(loop, NullLogger.Instance)
    {
        public override IStateMachine Core => throw new InvalidOperationException("it is not on a loop");

        public override void Dispose()
        {
        }
    }
}
