using System.Diagnostics;

namespace SuperMassive.Simulator;

/// <summary>Runs many seeds, one world per thread at a time; worlds share nothing.</summary>
public sealed class Campaign(Options options, TopologyBuilder build, TextWriter output)
{
    /// <summary>The search for an order recurses once per operation of a key.</summary>
    private const int StackBytes = 64 << 20;

    /// <summary>More reports than this help nobody.</summary>
    private const int MaxReports = 20;

    /// <summary>
    /// A seed takes milliseconds of the processor; one that takes so long hangs in a loop that virtual time does not see. Not by the wall clock:
    /// a machine may be busy with something else.
    /// </summary>
    private const int HangMs = 20_000;

    private readonly Totals _totals = new();
    private readonly Lock _lock = new();
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private readonly (ulong Seed, long SinceMs)[] _underWay = new (ulong, long)[options.Threads];

    private static long ProcessorMs => (long)Environment.CpuUsage.TotalTime.TotalMilliseconds;

    private RunResult? _earliestFailure;
    private long _taken = -1;

    /// <returns>Exit code: 0 when nothing was violated.</returns>
    public int Run()
    {
        var threads = Enumerable.Range(0, options.Threads)
            .Select(i => new Thread(() => RunSome(i), StackBytes) { IsBackground = true }).ToList();
        threads.ForEach(thread => thread.Start());
        if (!WaitFor(threads))
            return 1;
        if (options.StopsAtFirst && _earliestFailure is { } failure)
            output.Write(Report.Of(failure, options.FaultsText));
        output.WriteLine(_totals);
        return _totals.Violations == 0 ? 0 : 1;
    }

    /// <summary>Replays one seed, telling what happens.</summary>
    /// <returns>Exit code: 0 when nothing was violated.</returns>
    public int Replay(ulong seed)
    {
        var exitCode = 1;
        var thread = new Thread(() => exitCode = ReplayHere(seed), StackBytes);
        thread.Start();
        thread.Join();
        return exitCode;
    }

    private int ReplayHere(ulong seed)
    {
        var result = Simulation.Run(Plan.From(seed, options.Faults), build, isVerbose: true);
        foreach (var line in result.Lines)
            output.WriteLine(line);
        output.WriteLine($"trace hash   {result.TraceHash:x16}");
        _totals.Add(result);
        output.WriteLine(_totals);
        if (result.Violations.Count == 0)
            return 0;
        output.Write(Report.Of(result, options.FaultsText));
        return 1;
    }

    /// <returns>False when a seed hangs, which has been reported.</returns>
    private bool WaitFor(List<Thread> threads)
    {
        while (!threads.TrueForAll(thread => thread.Join(200)))
        {
            foreach (var (seed, sinceMs) in _underWay)
            {
                if (sinceMs == 0 || ProcessorMs - sinceMs < HangMs * options.Threads)
                    continue;
                lock (_lock)
                    output.Write(Report.OfHang(seed, HangMs, options.FaultsText));
                return false;
            }
        }
        return true;
    }

    private void RunSome(int worker)
    {
        while (Stopwatch.GetElapsedTime(_startedAt).TotalMinutes < options.Minutes
            && !(options.StopsAtFirst && _earliestFailure is not null))
        {
            var index = Interlocked.Increment(ref _taken);
            if (index >= options.Seeds)
                break;
            var seed = options.First + (ulong)index;
            if (options.Skipped.Contains(seed))
                continue;
            _underWay[worker] = (seed, Math.Max(ProcessorMs, 1));
            var result = Simulation.Run(Plan.From(seed, options.Faults), build);
            _totals.Add(result);
            if (result.Violations.Count > 0)
                Failed(result);
        }
        _underWay[worker] = default;
    }

    /// <summary>Seeds are taken in order, so the lowest that failed is the same however the workers were scheduled.</summary>
    private void Failed(RunResult result)
    {
        lock (_lock)
        {
            if (_earliestFailure is null || result.Plan.Seed < _earliestFailure.Plan.Seed)
                _earliestFailure = result;
            if (!options.StopsAtFirst && _totals.FailedSeeds <= MaxReports)
                output.Write(Report.Of(result, options.FaultsText));
        }
    }
}
