using System.Diagnostics;

namespace SuperMassive.Simulator;

/// <summary>Runs many seeds, one world per thread at a time; worlds share nothing.</summary>
public sealed class Campaign(Options options, TopologyBuilder build, TextWriter output)
{
    /// <summary>The search for an order recurses once per operation of a key.</summary>
    private const int StackBytes = 64 << 20;

    /// <summary>More reports than this help nobody.</summary>
    private const int MaxReports = 20;

    private readonly Totals _totals = new();
    private readonly Lock _lock = new();
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private long _taken = -1;

    /// <returns>Exit code: 0 when nothing was violated.</returns>
    public int Run()
    {
        var threads = Enumerable.Range(0, options.Threads).Select(_ => new Thread(RunSome, StackBytes)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
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

    private void RunSome()
    {
        while (Stopwatch.GetElapsedTime(_startedAt).TotalMinutes < options.Minutes)
        {
            var index = Interlocked.Increment(ref _taken);
            if (index >= options.Seeds)
                return;
            var result = Simulation.Run(Plan.From(options.First + (ulong)index, options.Faults), build);
            _totals.Add(result);
            if (result.Violations.Count == 0)
                continue;
            lock (_lock)
            {
                if (_totals.FailedSeeds <= MaxReports)
                    output.Write(Report.Of(result, options.FaultsText));
            }
        }
    }
}
