using System.Diagnostics;
using System.Globalization;
using SuperMassive.Simulator.Faults;

namespace SuperMassive.Simulator;

/// <summary>Sums over many runs, fed by several threads, as the console prints them.</summary>
public sealed class Totals
{
    private readonly Lock _lock = new();
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private readonly long[] _faults = new long[Enum.GetValues<FaultKind>().Length];
    private long _seeds;
    private long _simulatedUs;
    private long _operations;
    private long _events;
    private long _checkpoints;
    private long _segments;
    private long _pages;
    private long _startedOver;

    public long Violations { get; private set; }

    public long FailedSeeds { get; private set; }

    public void Add(RunResult result)
    {
        lock (_lock)
        {
            _seeds++;
            _simulatedUs += result.SimulatedUs;
            _operations += result.History.Operations.Count;
            _events += result.Events;
            _checkpoints += result.CheckpointsInstalled;
            _segments += result.SegmentsDeleted;
            _pages += result.PagesRepaired;
            _startedOver += result.StartedOver;
            Violations += result.Violations.Count;
            FailedSeeds += result.Violations.Count > 0 ? 1 : 0;
            for (var i = 0; i < _faults.Length; i++)
                _faults[i] += result.Faults[i];
        }
    }

    /// <summary>A seed that does not end.</summary>
    public void AddHang()
    {
        lock (_lock)
        {
            _seeds++;
            Violations++;
            FailedSeeds++;
        }
    }

    public override string ToString()
    {
        lock (_lock)
        {
            var seconds = Stopwatch.GetElapsedTime(_startedAt).TotalSeconds;
            var faults = string.Join(" · ", _faults.Select((count, kind) => $"{((FaultKind)kind).ToString().ToLowerInvariant()} {count}"));
            return string.Create(CultureInfo.InvariantCulture, $"""
                seeds        {_seeds:N0} ({_seeds / seconds:F1} per second)
                simulated    {_simulatedUs / 3.6e9:F1} hours
                operations   {_operations:N0}
                events       {_events:N0}
                checkpoints  {_checkpoints:N0} installed, {_segments:N0} segments deleted, {_pages:N0} pages repaired
                replicas     {_startedOver:N0} started over
                faults       {_faults.Sum():N0}: {faults}
                violations   {Violations:N0} in {FailedSeeds:N0} seeds
                """);
        }
    }
}
