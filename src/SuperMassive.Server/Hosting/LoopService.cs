using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SuperMassive.Server.Loop;

namespace SuperMassive.Server.Hosting;

/// <summary>
/// Runs one or more cores on a loop for as long as the process lives, and drains them when it is asked to stop: within
/// <see cref="DrainLimitMs"/>, because whoever asks kills after some seconds.
/// </summary>
public sealed class LoopService(LoopPlan plan, ILogger<LoopService> logger, IHostApplicationLifetime lifetime) : IHostedService, IHealthCheck
{
    internal const int DrainLimitMs = 4_000;
    private const int DrainCheckMs = 10;

    private readonly EventLoop _loop = new(logger);
    private IReadOnlyList<HostedCore> _cores = [];
    private Task _starting = Task.CompletedTask;
    private Thread? _thread;
    private volatile string _state = "starting";
    private volatile bool _isUp;

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
        _isUp = false;
        _state = "stopping";
        await DrainAsync().ConfigureAwait(false);
        _loop.Dispose();
        foreach (var core in _cores)
            core.Dispose();
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!_isUp)
            return HealthCheckResult.Unhealthy(_state);
        var problem = await AskAsync(() => plan.ProblemOf(_cores)).WaitAsync(TimeSpan.FromSeconds(5), cancellationToken).ConfigureAwait(false);
        return problem is null ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(problem);
    }

    private void Open()
    {
        try
        {
            _cores = plan.Open(_loop, logger, (done, all) => _state = $"recovering: {done} of {all} bytes of journal");
            _thread = _loop.Start("loop");
            _isUp = true;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or Configuration.ConfigurationException)
        {
            plan.Failed(e.Message);
            lifetime.StopApplication();
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
