using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SuperMassive.Server.Loop;
using SuperMassive.Server.Telemetry;

namespace SuperMassive.Server.Hosting;

/// <summary>
/// Runs one or more cores on a loop for as long as the process lives, and drains them when it is asked to stop: within
/// <see cref="DrainLimitMs"/>, because whoever asks kills after some seconds.
/// </summary>
public sealed class LoopService(
    LoopPlan plan, ILogger<LoopService> logger, IHostApplicationLifetime lifetime, LoopMonitor monitor, IMeterFactory meters)
    : IHostedService
{
    internal const int DrainLimitMs = 4_000;
    private const int DrainCheckMs = 10;

    /// <summary>How often durations that were counted become a histogram.</summary>
    private static readonly TimeSpan DurationsInterval = TimeSpan.FromSeconds(1);

    private readonly EventLoop _loop = new(logger);
    private IReadOnlyList<HostedCore> _cores = [];
    private Task _starting = Task.CompletedTask;
    private Thread? _thread;
    private readonly ServiceMetrics _metrics = new(meters, monitor);
    private readonly CancellationTokenSource _stopping = new();
    private Task _recording = Task.CompletedTask;

    /// <summary>Recovers in the background, so that health can be asked meanwhile.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _starting = Task.Run(Open, cancellationToken);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _starting.ConfigureAwait(false);
        if (_thread is null)
            return;
        CoreLog.Draining(logger);
        monitor.Stopping();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _recording.ConfigureAwait(false);
        await DrainAsync().ConfigureAwait(false);
        _loop.Dispose();
        foreach (var core in _cores)
            core.Dispose();
    }

    private void Open()
    {
        try
        {
            _cores = plan.Open(_loop, logger, monitor.Recovering);
            foreach (var core in _cores)
                core.Use(_metrics);
            monitor.Start(_cores, plan.ProblemOf, Environment.TickCount64);
            _loop.Turned = monitor.Turned;
            _thread = _loop.Start("loop");
            _recording = RecordDurationsAsync();
        }
        catch (Exception e)
            when (e is IOException or InvalidDataException or UnauthorizedAccessException or Configuration.ConfigurationException)
        {
            plan.Failed(e.Message);
            lifetime.StopApplication();
        }
    }

    private async Task RecordDurationsAsync()
    {
        using var timer = new PeriodicTimer(DurationsInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                if (monitor.Snapshot is { } snapshot)
                    _metrics.Durations.Record(snapshot);
            }
        }
        catch (OperationCanceledException)
        {
            // the process stops
        }
    }

    private async Task DrainAsync()
    {
        _loop.Post(() =>
        {
            foreach (var core in _cores)
                core.BeginDrain();
        });
        for (var waitedMs = 0; waitedMs < DrainLimitMs; waitedMs += DrainCheckMs)
        {
            if (await AskAsync(() => _cores.All(core => core.Core.IsDrained)).ConfigureAwait(false))
                return;
            await Task.Delay(DrainCheckMs).ConfigureAwait(false);
        }
        CoreLog.DrainTimedOut(logger, DrainLimitMs);
    }

    /// <summary>Asks something on the loop's thread, where alone the cores may be looked at.</summary>
    private Task<T> AskAsync<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(() => answer.SetResult(question()));
        return answer.Task;
    }
}
