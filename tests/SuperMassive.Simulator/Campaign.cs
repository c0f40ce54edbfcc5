using System.Diagnostics;

namespace SuperMassive.Simulator;

/// <summary>Runs many seeds, one world per thread at a time; worlds share nothing.</summary>
public sealed class Campaign(Options options, TopologyBuilder build, TextWriter output)
{
    /// <summary>The search for an order recurses once per operation of a key.</summary>
    private const int StackBytes = 64 << 20;

    /// <summary>More reports than this help nobody.</summary>
    private const int MaxReports = 20;

    /// <summary>Each takes a core away from what is to come.</summary>
    private const int MaxHangs = 3;

    private readonly Totals _totals = new();
    private readonly Lock _lock = new();
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private readonly List<Worker> _workers = [];

    private static long ProcessorMs => (long)Environment.CpuUsage.TotalTime.TotalMilliseconds;

    private RunResult? _earliestFailure;
    private long _taken = -1;
    private int _hangs;
    private volatile bool _isOver;

    /// <returns>Exit code: 0 when nothing was violated.</returns>
    public int Run()
    {
        for (var i = 0; i < options.Threads; i++)
            _workers.Add(StartWorker());
        while (_workers.Count > 0)
        {
            for (var i = _workers.Count - 1; i >= 0; i--)
                Look(i);
        }
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

    private Worker StartWorker()
    {
        var worker = new Worker(new Thread(start => RunSome((Worker)start!), StackBytes) { IsBackground = true });
        worker.Thread.Start(worker);
        return worker;
    }

    /// <summary>
    /// Waits for a worker a little. Nothing ends a thread in an endless loop: it is left alone, and another one goes on with the next seed,
    /// until so many are that they would leave nothing of the machine to anybody else.
    /// </summary>
    private void Look(int index)
    {
        var worker = _workers[index];
        if (worker.Thread.Join(200 / options.Threads))
        {
            _workers.RemoveAt(index);
            return;
        }
        var running = options.Threads + _hangs;
        if (worker.UnderWay is not { } run || ProcessorMs - run.SinceMs < (long)options.HangMs * running || !worker.TrySettle(run))
            return;
        _totals.AddHang();
        lock (_lock)
            output.Write(Report.OfHang(run.Seed, options.HangMs, options.FaultsText));
        if (++_hangs == MaxHangs || options.StopsAtFirst)
            _isOver = true;
        _workers[index] = StartWorker();
    }

    private void RunSome(Worker worker)
    {
        while (!_isOver && Stopwatch.GetElapsedTime(_startedAt).TotalMinutes < options.Minutes
            && !(options.StopsAtFirst && _earliestFailure is not null))
        {
            var index = Interlocked.Increment(ref _taken);
            if (index >= options.Seeds)
                break;
            var seed = options.First + (ulong)index;
            if (options.Skipped.Contains(seed))
                continue;
            var run = new UnderWay(seed, ProcessorMs);
            worker.UnderWay = run;
            var result = Simulation.Run(Plan.From(seed, options.Faults), build);
            if (!worker.TrySettle(run))
                return;
            _totals.Add(result);
            if (result.Violations.Count > 0)
                Failed(result);
        }
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

    private sealed record UnderWay(ulong Seed, long SinceMs);

    private sealed class Worker(Thread thread)
    {
        private UnderWay? _underWay;

        public Thread Thread => thread;

        public UnderWay? UnderWay
        {
            get => Volatile.Read(ref _underWay);
            set => Volatile.Write(ref _underWay, value);
        }

        /// <summary>Either the worker has ended a run or the campaign has given it up, whichever comes first.</summary>
        public bool TrySettle(UnderWay run) => Interlocked.CompareExchange(ref _underWay, null, run) == run;
    }
}
