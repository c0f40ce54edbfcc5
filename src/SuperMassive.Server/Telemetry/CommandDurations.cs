using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using SuperMassive.Core;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Server.Telemetry;

/// <summary>
/// <c>supermassive.command.duration</c>: turns what the cores count in buckets into a histogram, on a thread that has time for it. There
/// is no observable histogram, and recording one costs the loop far more than the bucket does.
/// </summary>
/// <remarks>
/// Of each bucket's new commands every one is recorded with their mean, which lies within the bucket: so the histogram's count, its
/// buckets and its sum are what they would be had each been recorded.
/// </remarks>
internal sealed class CommandDurations(Meter meter)
{
    private readonly Histogram<double> _histogram = meter.CreateHistogram(
        "supermassive.command.duration", "s", "Time from reading a client's command to having its answer, by verb.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = BoundsSeconds });

    private readonly Dictionary<string, CommandFigures> _recorded = [];

    public static ImmutableArray<double> BoundsSeconds { get; } = [.. CommandFigures.BoundsUs.Select(us => us / 1e6)];

    /// <summary>Records what has been counted since the last time. One caller at a time.</summary>
    public void Record(LoopSnapshot snapshot)
    {
        foreach (var core in snapshot.Cores)
        {
            // nodes count no durations
            if (core.Cluster is not { Commands: var commands })
                continue;
            var before = _recorded.GetValueOrDefault(core.Name);
            _recorded[core.Name] = commands;
            if (!_histogram.Enabled)
                continue;
            foreach (var verb in MetricNames.Verbs)
                Record(verb, commands, before, snapshot.Cores.Length > 1 ? core.Name : null);
        }
    }

    private void Record(Verb verb, CommandFigures now, CommandFigures? before, string? process)
    {
        var verbTag = new KeyValuePair<string, object?>("verb", MetricNames.Of(verb));
        for (var bucket = 0; bucket < CommandFigures.Buckets; bucket++)
        {
            var count = now.InBucket(verb, bucket) - (before?.InBucket(verb, bucket) ?? 0);
            if (count == 0)
                continue;
            var meanSeconds = (now.SumUs(verb, bucket) - (before?.SumUs(verb, bucket) ?? 0)) / (double)count / 1e6;
            for (var i = 0L; i < count; i++)
            {
                if (process is null)
                    _histogram.Record(meanSeconds, verbTag);
                else
                    _histogram.Record(meanSeconds, verbTag, new KeyValuePair<string, object?>("process", process));
            }
        }
    }
}
