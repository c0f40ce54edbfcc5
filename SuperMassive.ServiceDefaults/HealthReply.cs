using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SuperMassive.ServiceDefaults;

/// <summary>
/// What the health endpoints answer: <c>{"status":"unhealthy","reason":"no primary node is healthy"}</c>, without a reason when healthy.
/// </summary>
internal static class HealthReply
{
    public static HealthCheckOptions Of(string tag) => new()
    {
        Predicate = check => check.Tags.Contains(tag),
        ResponseWriter = async (context, report) =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Write(report), context.RequestAborted);
        },
    };

    private static ReadOnlyMemory<byte> Write(HealthReport report)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("status", report.Status.ToString().ToLowerInvariant());
            var problems = report.Entries.Values
                .Where(check => check.Status != HealthStatus.Healthy)
                .Select(check => check.Description)
                .ToArray();
            if (problems.Length > 0)
                json.WriteString("reason", string.Join("; ", problems));
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }
}
