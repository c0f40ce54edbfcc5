using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace SuperMassive.ServiceDefaults;

/// <summary>What every service shares: telemetry, health endpoints, the HTTP port and the launcher's lifetime.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>The tag of a health check that <c>/health/live</c> asks: failing it means "restart this process".</summary>
    public const string LiveTag = "live";

    /// <summary>The tag of a health check that <c>/health/ready</c> asks: failing it means "send this process no work now".</summary>
    public const string ReadyTag = "ready";

    /// <summary>The path that answers 200 while the process runs.</summary>
    public const string LivePath = "/health/live";

    /// <summary>The path that answers 200 while the process can serve, else 503.</summary>
    public const string ReadyPath = "/health/ready";

    /// <summary>The path Prometheus scrapes.</summary>
    public const string MetricsPath = "/metrics";

    /// <summary>Adds telemetry, health checks and, under a launcher, the launcher's lifetime.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddTelemetry();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        if (LauncherLifetime.IsLaunched) builder.Services.AddSingleton<IHostLifetime, LauncherLifetime>();
        return builder;
    }

    /// <summary>Maps the health and metrics endpoints, in every environment: probes in production need them most.</summary>
    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        app.MapHealthChecks(LivePath, HealthReply.Of(LiveTag));
        app.MapHealthChecks(ReadyPath, HealthReply.Of(ReadyTag));
        app.MapPrometheusScrapingEndpoint(MetricsPath);
        return app;
    }
}
