using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SuperMassive.Server.Telemetry;

/// <summary>Whether the loop turns.</summary>
internal sealed class LiveCheck(LoopMonitor monitor) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(LoopHealth.Of(monitor.LiveProblem(Environment.TickCount64)));
}

/// <summary>Whether the process can do its work.</summary>
internal sealed class ReadyCheck(LoopMonitor monitor) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(LoopHealth.Of(monitor.ReadyProblem(Environment.TickCount64)));
}

internal static class LoopHealth
{
    public static HealthCheckResult Of(string? problem) =>
        problem is null ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(problem);
}
