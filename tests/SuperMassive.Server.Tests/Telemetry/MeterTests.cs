using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;
using SuperMassive.Core.Protocol;
using SuperMassive.Server.Telemetry;
using Xunit.Abstractions;

namespace SuperMassive.Server.Tests.Telemetry;

public sealed class MeterTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_instrument_has_a_meaning_and_is_named_in_lower_case()
    {
        using var recorded = new Recorded(new LoopMonitor());
        Assert.True(recorded.Instruments.Count >= 25);
        Assert.All(recorded.Instruments, instrument =>
        {
            Assert.Matches("^supermassive(\\.[a-z_]+)+$", instrument.Name);
            Assert.EndsWith(".", instrument.Description, StringComparison.Ordinal);
        });
        Assert.Equal("{command}", recorded.Unit("supermassive.commands"));
        Assert.Equal("s", recorded.Unit("supermassive.command.duration"));
        Assert.Equal("s", recorded.Unit("supermassive.journal.sync.duration"));
        Assert.Equal("By", recorded.Unit("supermassive.journal.lsn"));
        Assert.Equal("By", recorded.Unit("supermassive.replication.lag"));
        Assert.Equal("s", recorded.Unit("supermassive.replication.delay"));
        Assert.Equal("By", recorded.Unit("supermassive.memory.usage"));
    }

    [Fact]
    public void Nothing_is_measured_before_the_loop_has_published()
    {
        using var recorded = new Recorded(new LoopMonitor());
        recorded.Collect();
        Assert.Empty(recorded.Values);
    }

    [Fact]
    public void Figures_become_measurements_with_their_attributes()
    {
        var monitor = new LoopMonitor();
        var commands = new CommandMeter();
        commands.Count(Verb.Get, CommandOutcome.NotFound);
        var link = new LinkFigures("r:1", IsReplica: true, IsUp: true, InFlight: 3, Reconnects: 2);
        monitor.Publish(new LoopSnapshot(
            [
                new CoreSnapshot("node n:1", null, [.. new long[MetricNames.Events.Length]])
                {
                    Node = new NodeFigures
                    {
                        Commands = commands.Figures(),
                        Replicas = [new FeedFigures(link, IsInSync: true, LagBytes: 100, LagMs: 1_500)],
                        IsInSync = true,
                        Keys = 7,
                        EndLsn = 30,
                        WrittenLsn = 20,
                        SyncedLsn = 10,
                    },
                },
            ],
            null));
        using var recorded = new Recorded(monitor);
        recorded.Collect();
        Assert.Equal(1, recorded.Values["supermassive.commands verb=GET outcome=not_found"]);
        Assert.Equal(7, recorded.Values["supermassive.keys"]);
        Assert.Equal(30, recorded.Values["supermassive.journal.lsn position=end"]);
        Assert.Equal(20, recorded.Values["supermassive.journal.lsn position=written"]);
        Assert.Equal(10, recorded.Values["supermassive.journal.lsn position=synced"]);
        Assert.Equal(100, recorded.Values["supermassive.replication.lag peer=r:1 role=replica"]);
        Assert.Equal(1.5, recorded.Values["supermassive.replication.delay peer=r:1 role=replica"]);
        Assert.Equal(1, recorded.Values["supermassive.link.up peer=r:1 role=replica"]);
        Assert.Equal(3, recorded.Values["supermassive.link.requests peer=r:1 role=replica"]);
        Assert.Equal(2, recorded.Values["supermassive.link.reconnects peer=r:1 role=replica"]);
        Assert.DoesNotContain(recorded.Values.Keys, name => name.StartsWith("supermassive.primaries", StringComparison.Ordinal));
    }

    [Fact]
    public void Durations_are_recorded_once_each_with_their_true_sum()
    {
        var meter = new CommandMeter();
        using var recorded = new Recorded(new LoopMonitor());
        meter.Count(Verb.Put, CommandOutcome.Ok, 10);
        meter.Count(Verb.Put, CommandOutcome.Ok, 40);
        recorded.Durations.Record(Cluster(meter));
        recorded.Durations.Record(Cluster(meter));
        meter.Count(Verb.Put, CommandOutcome.Ok, 700);
        recorded.Durations.Record(Cluster(meter));
        Assert.Equal([25e-6, 25e-6, 700e-6], recorded.Histogram);
    }

    [Fact]
    public void What_turning_counts_into_a_histogram_costs()
    {
        const int Count = 200_000;
        var meter = new CommandMeter();
        using var recorded = new Recorded(new LoopMonitor(), keepsHistogram: false);
        for (var i = 0; i < Count; i++)
            meter.Count(Verb.Put, CommandOutcome.Ok, i & 0xFFFF);
        recorded.Durations.Record(Cluster(new CommandMeter()));
        var snapshot = Cluster(meter);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var begun = System.Diagnostics.Stopwatch.GetTimestamp();
        recorded.Durations.Record(snapshot);
        var elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(begun);
        output.WriteLine($"{elapsed.TotalNanoseconds / Count:F1} ns a command off the loop, "
            + $"{GC.GetAllocatedBytesForCurrentThread() - allocated} bytes for {Count} commands");
    }

    private static LoopSnapshot Cluster(CommandMeter meter) => new(
        [
            new CoreSnapshot("cluster c:1", null, [.. new long[MetricNames.Events.Length]])
            {
                Cluster = new ClusterFigures { Commands = meter.Figures(), Links = [] },
            },
        ],
        null);

    private sealed class Recorded : IDisposable
    {
        private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        private readonly MeterListener _listener = new();
        private readonly ServiceMetrics _metrics;

        public Recorded(LoopMonitor monitor, bool keepsHistogram = true)
        {
            var factory = _services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope != factory)
                    return;
                Instruments.Add(instrument);
                listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Values[Name(instrument, tags)] = value);
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            {
                if (!instrument.IsObservable && keepsHistogram)
                    Histogram.Add(value);
                if (instrument.IsObservable)
                    Values[Name(instrument, tags)] = value;
            });
            _listener.Start();
            _metrics = new ServiceMetrics(factory, monitor);
        }

        public List<Instrument> Instruments { get; } = [];

        public Dictionary<string, double> Values { get; } = [];

        public List<double> Histogram { get; } = [];

        public CommandDurations Durations => _metrics.Durations;

        public string? Unit(string name) => Instruments.Single(instrument => instrument.Name == name).Unit;

        public void Collect() => _listener.RecordObservableInstruments();

        public void Dispose()
        {
            _listener.Dispose();
            _services.Dispose();
        }

        private static string Name(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var name = instrument.Name;
            foreach (var (key, value) in tags)
                name += $" {key}={value}";
            return name;
        }
    }
}
