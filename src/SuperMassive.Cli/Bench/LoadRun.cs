using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SuperMassive.Server.Loop;

namespace SuperMassive.Cli.Bench;

/// <summary>What a run shows of itself while it goes on.</summary>
internal readonly record struct LoadProgress(string Phase, long Correct, long Errors, long Wrong, long Unanswered, long Lost);

/// <summary>A whole run: connect and log in, preload, load, sums.</summary>
internal sealed class LoadRun : IDisposable
{
    /// <summary>How long replies are awaited after an interruption.</summary>
    private static readonly TimeSpan InterruptLimit = TimeSpan.FromSeconds(2);

    private readonly BenchSettings _settings;
    private readonly LoadPlan _plan;
    private readonly ILoggerFactory _logs = LoggerFactory.Create(logging => logging
        .SetMinimumLevel(LogLevel.Warning)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
    private readonly List<EventLoop> _loops = [];
    private readonly List<LoadWorker> _workers = [];
    private volatile string _phase = "connecting";

    public LoadRun(BenchSettings settings)
    {
        _settings = settings;
        _plan = new LoadPlan(settings, Random.Shared.Next(1, BenchValue.RunLimit));
        var logger = _logs.CreateLogger("bench");
        for (var worker = 0; worker < settings.Workers; worker++)
        {
            var loop = new EventLoop(logger);
            _loops.Add(loop);
            var first = worker;
            var count = (settings.Connections - worker + settings.Workers - 1) / settings.Workers;
            _workers.Add(new LoadWorker(loop, _plan, Enumerable.Range(0, count).Select(i => first + i * settings.Workers)));
            loop.Start($"bench-{worker}");
        }
    }

    /// <summary>From any thread.</summary>
    public LoadProgress Progress => new(
        _phase, Sum(tally => tally.Correct), Sum(tally => tally.Errors), Sum(tally => tally.Wrong), Sum(tally => tally.Unanswered),
        Sum(tally => tally.Lost));

    /// <returns>Figures, or why there are none.</returns>
    public async Task<(BenchReport? Report, string Failure)> RunAsync(CancellationToken interrupt)
    {
        if (await FinishAsync(_workers.Select(worker => worker.ConnectAsync()), null, interrupt).ConfigureAwait(false) is { } refused)
            return (null, refused);
        if (await RunAsync("preloading", new PreloadWork(_settings), interrupt).ConfigureAwait(false) is { } unloaded)
            return (null, unloaded);
        if (interrupt.IsCancellationRequested || HasFailed)
            return (Report("while preloading", TimeSpan.Zero), "");

        var now = Stopwatch.GetTimestamp();
        var from = now + Ticks(_settings.Warmup);
        _plan.Measure(from, _settings.Duration is { } duration ? from + Ticks(duration) : long.MaxValue);
        if (await RunAsync("running", new MixedWork(_plan), interrupt).ConfigureAwait(false) is { } failure)
            return (null, failure);
        var elapsed = Elapsed();

        if (await RunAsync("summing", new SumWork(_settings), CancellationToken.None).ConfigureAwait(false) is { } unsummed)
            return (null, unsummed);
        foreach (var worker in _workers)
            worker.CloseAll();
        return (Report(interrupt.IsCancellationRequested ? "by a signal" : null, elapsed), "");
    }

    public void Dispose()
    {
        foreach (var loop in _loops)
            loop.Dispose();
        _logs.Dispose();
    }

    private bool HasFailed => Progress is { Errors: > 0 } or { Wrong: > 0 } or { Unanswered: > 0 } or { Lost: > 0 };

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private Task<string?> RunAsync(string phase, Work work, CancellationToken interrupt)
    {
        _phase = phase;
        return FinishAsync(_workers.Select(worker => worker.RunAsync(work)), work, interrupt);
    }

    /// <returns>Why the run is over; null when it goes on, which it does after an interruption too.</returns>
    private async Task<string?> FinishAsync(IEnumerable<Task> workers, Work? work, CancellationToken interrupt)
    {
        var all = Task.WhenAll(workers);
        var interrupted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (interrupt.Register(() => interrupted.TrySetResult()))
            await Task.WhenAny(all, _plan.Aborted, interrupted.Task).ConfigureAwait(false);
        if (!all.IsCompleted && interrupted.Task.IsCompleted)
        {
            work?.Stop();
            await Task.WhenAny(all, Task.Delay(InterruptLimit, CancellationToken.None)).ConfigureAwait(false);
            if (!all.IsCompleted)
                return "interrupted, and replies are missing";
        }
        return _plan.Aborted.IsCompleted ? await _plan.Aborted.ConfigureAwait(false) : null;
    }

    private TimeSpan Elapsed()
    {
        var last = _workers.Max(worker => worker.Tally.LastMeasured);
        var until = last > 0 && last < _plan.MeasureUntil && _plan.MeasureUntil > Stopwatch.GetTimestamp() ? last : _plan.MeasureUntil;
        return until is > 0 and < long.MaxValue ? Stopwatch.GetElapsedTime(_plan.MeasureFrom, until) : TimeSpan.Zero;
    }

    private BenchReport Report(string? ended, TimeSpan elapsed) =>
        BenchReport.Of(_settings, [.. _workers.Select(worker => worker.Tally)], elapsed, ended);

    private long Sum(Func<Tally, long> of) => _workers.Sum(worker => of(worker.Tally));
}
