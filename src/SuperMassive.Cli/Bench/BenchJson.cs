using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SuperMassive.Cli.Bench;

/// <summary>A report for programs.</summary>
internal static class BenchJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, BenchReport report)
    {
        var settings = report.Settings;
        var document = new
        {
            settings.Target.Address,
            settings.Protocol,
            settings.Workers,
            settings.Connections,
            settings.Pipeline,
            settings.Keys,
            KeySize = settings.KeyBytes,
            ValueSize = settings.ValueBytes,
            Ratios = new
            {
                Get = settings.ReadRatio,
                Put = settings.WriteRatio,
                Del = settings.DeleteRatio,
                Incr = settings.IncrementRatio,
            },
            settings.Distribution,
            settings.Seed,
            Seconds = report.Elapsed.TotalSeconds,
            report.IsClean,
            report.ValuesChecked,
            report.Wrong,
            report.Errors,
            report.Unanswered,
            report.Lost,
            report.Total,
            report.Commands,
            Problems = report.Problems.Select(problem => new { Text = problem.Key, Times = problem.Value }),
            report.Ended,
        };
        File.WriteAllText(path, JsonSerializer.Serialize(document, Options) + "\n");
    }
}
