using System.Diagnostics;
using SuperMassive.Core;
using SuperMassive.Core.Cluster;

namespace SuperMassive.Server.Telemetry;

/// <summary>
/// What takes its time, as spans: joins, replica syncs, recoveries, reloads and slow commands. They are made from what cores report,
/// when it ended, so that no core knows of them and nothing is ever left open. On one thread at a time.
/// </summary>
public sealed class CoreSpans
{
    private const string Join = "join node";
    private const string Sync = "sync replica";
    private const string Reload = "reload configuration";

    private static readonly ActivitySource Source = new(ServiceDefaults.Telemetry.Name);

    private readonly Dictionary<(string Name, string Subject), DateTimeOffset> _begun = [];

    /// <param name="subject">What it is about: a peer's address, or for a reload nothing.</param>
    public void Observe(CoreEvent what, string subject, string detail)
    {
        switch (what)
        {
            case CoreEvent.NodeJoining:
                Begin(Join, subject);
                break;
            case CoreEvent.NodeHealthy:
                End(Join, subject, detail, isFailure: false);
                break;
            case CoreEvent.NodeRefused:
                Begin(Join, subject);
                End(Join, subject, detail, isFailure: true);
                break;
            case CoreEvent.ReplicaSyncing:
                Begin(Sync, subject);
                break;
            case CoreEvent.ReplicaInSync:
                End(Sync, subject, detail, isFailure: false);
                break;
            case CoreEvent.ReplicaRefused:
            case CoreEvent.ReplicaOutOfSync:
                End(Sync, subject, detail, isFailure: true);
                break;
            case CoreEvent.LinkDown:
                End(Join, subject, detail, isFailure: true);
                End(Sync, subject, detail, isFailure: true);
                break;
            case CoreEvent.ConfigurationReloaded:
            case CoreEvent.ConfigurationRejected:
                End(Reload, "", detail, what == CoreEvent.ConfigurationRejected);
                break;
        }
    }

    public void ReloadBegan() => Begin(Reload, "");

    public static void Recovered(DateTimeOffset begun, long records, long bytes)
    {
        using var span = Make("recover journal", begun);
        span?.SetTag("supermassive.journal.records", records).SetTag("supermassive.journal.bytes", bytes);
    }

    public static void Slow(in SlowCommand command)
    {
        using var span = Make("slow command", DateTimeOffset.UtcNow.AddMilliseconds(-command.DurationMs));
        span?.SetTag("supermassive.verb", MetricNames.Of(command.Verb))
            .SetTag("supermassive.key_prefix", command.KeyPrefix)
            .SetTag("supermassive.outcome", MetricNames.Of(command.Outcome));
    }

    private void Begin(string name, string subject) => _begun.TryAdd((name, subject), DateTimeOffset.UtcNow);

    private void End(string name, string subject, string detail, bool isFailure)
    {
        if (!_begun.Remove((name, subject), out var begun))
            return;
        using var span = Make(name, begun);
        if (span is null)
            return;
        if (subject.Length > 0)
            span.SetTag("server.address", subject);
        span.SetTag("supermassive.detail", detail);
        if (isFailure)
            span.SetStatus(ActivityStatusCode.Error, detail);
    }

    /// <summary>A root span: whatever request the thread may be serving has nothing to do with it.</summary>
    private static Activity? Make(string name, DateTimeOffset begun)
    {
        if (!Source.HasListeners())
            return null;
        Activity.Current = null;
        return Source.StartActivity(name, ActivityKind.Internal, parentContext: default, startTime: begun);
    }
}
