using System.Diagnostics.Metrics;
using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;

namespace SuperMassive.Server.Telemetry;

/// <summary>
/// The meter <c>SuperMassive</c>: every instrument of a process with its unit and its meaning. All of them read what the loop has
/// published, on the thread of whoever collects; the loop itself records nothing.
/// </summary>
internal sealed class ServiceMetrics
{
    private readonly LoopMonitor _monitor;

    public ServiceMetrics(IMeterFactory factory, LoopMonitor monitor)
    {
        _monitor = monitor;
        var meter = factory.Create(ServiceDefaults.Telemetry.Name);
        Durations = new CommandDurations(meter);
        SyncDuration = meter.CreateHistogram("supermassive.journal.sync.duration", "s", "Time one fsync of the journal took.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = CommandDurations.BoundsSeconds });
        Process(meter);
        Cluster(meter);
        Links(meter);
        Node(meter);
        Replication(meter);
    }

    public CommandDurations Durations { get; }

    /// <summary>Recorded by the thread that syncs.</summary>
    public Histogram<double> SyncDuration { get; }

    private void Process(Meter meter)
    {
        meter.CreateObservableCounter("supermassive.commands", () => OfEach(Commands),
            "{command}", "Commands answered, by verb and outcome.");
        meter.CreateObservableCounter("supermassive.events", () => OfEach(Events),
            "{event}", "What the process reported, by kind: each is a log line too.");
        meter.CreateObservableCounter("supermassive.reloads", () => OfEach(Reloads),
            "{reload}", "Reloads of the configuration, by outcome.");
        meter.CreateObservableUpDownCounter("supermassive.connections", () => OfEach(Connections),
            "{connection}", "Connections others have open to this process.");
        meter.CreateObservableGauge("supermassive.ready", () => OfEach(Ready),
            null, "1 when the process can do its work, as /health/ready says.");
        meter.CreateObservableGauge("supermassive.recovery.progress", RecoveryProgress,
            "1", "Part of the journal that was read at the start.");
        meter.CreateObservableGauge("supermassive.recovery.duration", () => OfEach(RecoveryTime),
            "s", "Time the journal took to be read at the start.");
    }

    private void Cluster(Meter meter)
    {
        UpDown("supermassive.commands.pending", "{command}", "Commands of clients without an answer.", c => c.PendingCommands);
        UpDown("supermassive.primaries", "{primary}", "Primaries in the configuration.", c => c.Primaries);
        UpDown("supermassive.primaries.healthy", "{primary}", "Primaries that take writes.", c => c.HealthyPrimaries);
        UpDown("supermassive.hints", "{hint}", "Keys whose newest holder is remembered.", c => c.Hints);
        Counter("supermassive.hint.hits", "{read}", "Reads answered by the remembered holder alone.", c => c.HintHits);
        Counter("supermassive.gathers", "{gather}", "Times every primary was asked for a key.", c => c.Gathers);
        Counter("supermassive.failovers", "{write}", "Times a write went on to the next primary.", c => c.FailOvers);
        Counter("supermassive.slow_commands", "{command}", "Commands that took longer than slow-command.", c => c.SlowCommands);

        void Counter(string name, string unit, string description, Func<ClusterFigures, long> value) =>
            meter.CreateObservableCounter(name, () => OfCluster(value), unit, description);

        void UpDown(string name, string unit, string description, Func<ClusterFigures, long> value) =>
            meter.CreateObservableUpDownCounter(name, () => OfCluster(value), unit, description);
    }

    private void Links(Meter meter)
    {
        meter.CreateObservableGauge("supermassive.link.up", () => OfLinks(link => link.IsUp ? 1 : 0),
            null, "1 when the peer may be asked.");
        meter.CreateObservableUpDownCounter("supermassive.link.requests", () => OfLinks(link => link.InFlight),
            "{request}", "Requests without a reply.");
        meter.CreateObservableCounter("supermassive.link.reconnects", () => OfLinks(link => link.Reconnects),
            "{reconnect}", "Times the link came up again.");
    }

    private void Node(Meter meter)
    {
        UpDown("supermassive.keys", "{key}", "Live keys.", n => n.Keys);
        UpDown("supermassive.tombstones", "{tombstone}", "Deletions that are remembered.", n => n.Tombstones);
        UpDown("supermassive.memory.usage", "By", "Bytes that entries and index take.", n => n.UsedBytes);
        UpDown("supermassive.memory.limit", "By", "Bytes that entries and index may take.", n => n.MaxBytes);
        meter.CreateObservableGauge("supermassive.journal.lsn", () => OfEach(JournalPositions),
            "By", "Positions in the journal: its end, what is written, what is on the disk.");
        meter.CreateObservableGauge("supermassive.journal.failed", () => OfNode(n => n.JournalFailure is null ? 0 : 1),
            null, "1 when the journal can no longer be written.");
        meter.CreateObservableGauge("supermassive.replica.in_sync", () => OfNode(n => n.IsInSync ? 1 : 0, n => n.IsReplica),
            null, "1 when this replica follows its primary.");

        void UpDown(string name, string unit, string description, Func<NodeFigures, long> value) =>
            meter.CreateObservableUpDownCounter(name, () => OfNode(value), unit, description);
    }

    private void Replication(Meter meter)
    {
        meter.CreateObservableGauge("supermassive.replication.lag", () => OfFeeds(feed => feed.LagBytes),
            "By", "Journal that a replica has not applied.");
        meter.CreateObservableGauge("supermassive.replication.delay", () => OfFeeds(feed => feed.LagMs / 1_000.0),
            "s", "For how long, at most, a replica has lacked the oldest of that.");
        meter.CreateObservableGauge("supermassive.replication.in_sync", () => OfFeeds(feed => feed.IsInSync ? 1 : 0),
            null, "1 when a replica has caught up and follows.");
        meter.CreateObservableGauge("supermassive.replication.differing", () => OfFeeds(feed => (long)feed.Comparison.Differing),
            "{bucket}", "Parts of a replica's table, of 1,024, that differed from the primary's when they were compared last.");
        meter.CreateObservableCounter("supermassive.replication.differences", () => OfFeeds(feed => feed.Comparison.Found),
            "{bucket}", "Parts of a replica's table ever found to differ.");
    }

    private IEnumerable<Measurement<T>> OfEach<T>(Func<CoreSnapshot, CoreTags, IEnumerable<Measurement<T>>> measure) where T : struct
    {
        if (_monitor.Snapshot is not { } snapshot)
            yield break;
        foreach (var core in snapshot.Cores)
        {
            foreach (var measurement in measure(core, new CoreTags(snapshot.Cores.Length > 1 ? core.Name : null)))
                yield return measurement;
        }
    }

    private IEnumerable<Measurement<long>> OfCluster(Func<ClusterFigures, long> value) =>
        OfEach((core, tags) => core.Cluster is { } cluster ? [tags.Measure(value(cluster))] : Array.Empty<Measurement<long>>());

    private IEnumerable<Measurement<long>> OfNode(Func<NodeFigures, long> value, Func<NodeFigures, bool>? isMeant = null) =>
        OfEach((core, tags) => core.Node is { } node &&
            isMeant?.Invoke(node) != false ? [tags.Measure(value(node))] : Array.Empty<Measurement<long>>());

    private IEnumerable<Measurement<long>> OfLinks(Func<LinkFigures, long> value) => OfEach((core, tags) =>
        LinksOf(core).Select(link => tags.Measure(value(link), ("peer", link.Peer), ("role", link.IsReplica ? "replica" : "primary"))));

    private IEnumerable<Measurement<T>> OfFeeds<T>(Func<FeedFigures, T> value) where T : struct => OfEach((core, tags) =>
        (core.Node?.Replicas ?? []).Select(feed => tags.Measure(value(feed), ("peer", feed.Link.Peer), ("role", "replica"))));

    private static IEnumerable<LinkFigures> LinksOf(CoreSnapshot core) =>
        core.Cluster?.Links ?? core.Node?.Replicas.Select(feed => feed.Link) ?? [];

    private static IEnumerable<Measurement<long>> Commands(CoreSnapshot core, CoreTags tags)
    {
        if (core.Commands is not { } commands)
            yield break;
        foreach (var verb in MetricNames.Verbs)
        {
            foreach (var outcome in MetricNames.Outcomes)
            {
                if (commands.Count(verb, outcome) is > 0 and var count)
                    yield return tags.Measure(count, ("verb", MetricNames.Of(verb)), ("outcome", MetricNames.Of(outcome)));
            }
        }
    }

    private static IEnumerable<Measurement<long>> Events(CoreSnapshot core, CoreTags tags) => MetricNames.Events
        .Where(what => core.CountOf(what) > 0)
        .Select(what => tags.Measure(core.CountOf(what), ("event", MetricNames.Of(what))));

    private static IEnumerable<Measurement<long>> Reloads(CoreSnapshot core, CoreTags tags) =>
    [
        tags.Measure(core.CountOf(CoreEvent.ConfigurationReloaded), ("outcome", "ok")),
        tags.Measure(core.CountOf(CoreEvent.ConfigurationRejected), ("outcome", "rejected")),
    ];

    private static IEnumerable<Measurement<long>> Connections(CoreSnapshot core, CoreTags tags) =>
        [tags.Measure((long)(core.Cluster?.Connections ?? core.Node?.Connections ?? 0))];

    private static IEnumerable<Measurement<long>> Ready(CoreSnapshot core, CoreTags tags) => [tags.Measure(core.Problem is null ? 1L : 0L)];

    private static IEnumerable<Measurement<double>> RecoveryTime(CoreSnapshot core, CoreTags tags) =>
        core.RecoveryTime is { } time ? [tags.Measure(time.TotalSeconds)] : [];

    private static IEnumerable<Measurement<long>> JournalPositions(CoreSnapshot core, CoreTags tags) => core.Node is not { } node ? [] :
    [
        tags.Measure(node.EndLsn, ("position", "end")),
        tags.Measure(node.WrittenLsn, ("position", "written")),
        tags.Measure(node.SyncedLsn, ("position", "synced")),
    ];

    private IEnumerable<Measurement<double>> RecoveryProgress() =>
        _monitor.RecoveryProgress is { } progress ? [new Measurement<double>(progress)] : [];
}
