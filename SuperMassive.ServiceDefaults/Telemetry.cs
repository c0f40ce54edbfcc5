using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace SuperMassive.ServiceDefaults;

/// <summary>OpenTelemetry: metrics always (Prometheus scrapes them), logs and traces where an OTLP endpoint is configured.</summary>
public static class Telemetry
{
    /// <summary>The name of this project's meter and of its activity source.</summary>
    public const string Name = "SuperMassive";

    /// <summary>The standard setting that names the OTLP collector; Aspire sets it for its dashboard.</summary>
    public const string OtlpEndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    internal static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        var telemetry = builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(Name)
            .AddRuntimeInstrumentation()
            .AddAspNetCoreInstrumentation()
            .AddPrometheusExporter());

        // a logger or tracer without an exporter only costs
        if (string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpointKey])) return;

        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
        });
        telemetry.WithTracing(traces => traces
            .AddSource(Name, builder.Environment.ApplicationName)
            .AddAspNetCoreInstrumentation(http => http.Filter = context => !IsProbe(context.Request.Path)));
        telemetry.UseOtlpExporter();
    }

    private static bool IsProbe(Microsoft.AspNetCore.Http.PathString path) =>
        path.StartsWithSegments("/health") || path.StartsWithSegments(ServiceDefaultsExtensions.MetricsPath);
}
