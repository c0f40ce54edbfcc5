using System.Collections.Concurrent;
using System.Diagnostics;
using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Protocol;
using SuperMassive.Server.Telemetry;

namespace SuperMassive.Server.Tests.Telemetry;

public sealed class CoreSpansTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;
    private readonly string _peer = $"peer-{Guid.NewGuid():N}:1";

    public CoreSpansTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "SuperMassive",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void A_join_is_a_span_from_its_begin_to_its_end()
    {
        var spans = new CoreSpans();
        spans.Observe(CoreEvent.NodeJoining, _peer, "at 7");
        spans.Observe(CoreEvent.NodeHealthy, _peer, "1 of 1 primaries are healthy");
        var span = Assert.Single(Mine());
        Assert.Equal("join node", span.OperationName);
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        Assert.Equal("1 of 1 primaries are healthy", span.GetTagItem("supermassive.detail"));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void What_a_lost_link_interrupts_has_failed()
    {
        var spans = new CoreSpans();
        spans.Observe(CoreEvent.ReplicaSyncing, _peer, "from 0 to 9");
        spans.Observe(CoreEvent.LinkDown, _peer, "reset");
        spans.Observe(CoreEvent.ReplicaInSync, _peer, "nothing began");
        var span = Assert.Single(Mine());
        Assert.Equal("sync replica", span.OperationName);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal("reset", span.StatusDescription);
    }

    [Fact]
    public void A_slow_command_spans_its_duration_and_holds_no_value()
    {
        CoreSpans.Slow(new SlowCommand(Verb.Put, _peer, 1_500, CommandOutcome.Ok));
        var span = Assert.Single(_ended, span => (string?)span.GetTagItem("supermassive.key_prefix") == _peer);
        Assert.InRange(span.Duration, TimeSpan.FromMilliseconds(1_500), TimeSpan.FromMilliseconds(11_500));
        Assert.Equal("PUT", span.GetTagItem("supermassive.verb"));
    }

    [Fact]
    public void A_reload_begins_when_the_file_is_read()
    {
        var detail = _peer;
        var spans = new CoreSpans();
        spans.ReloadBegan();
        spans.Observe(CoreEvent.ConfigurationRejected, "cluster:1", detail);
        var span = Assert.Single(_ended, span => (string?)span.GetTagItem("supermassive.detail") == detail);
        Assert.Equal("reload configuration", span.OperationName);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
    }

    private IEnumerable<Activity> Mine() => _ended.Where(span => (string?)span.GetTagItem("server.address") == _peer);
}
