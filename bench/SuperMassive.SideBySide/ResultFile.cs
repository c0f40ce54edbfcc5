using System.Text.Encodings.Web;
using System.Text.Json;

namespace SuperMassive.SideBySide;

/// <summary>The figures for programs, and for whoever doubts the drawing.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(
        Options options, Generator generator, IReadOnlyList<Ratio> ratios, IReadOnlyList<Subject> subjects, Measurements measurements)
    {
        var document = new
        {
            Machine = $"{Environment.ProcessorCount} cores",
            Generator = generator.Name,
            options.Repeats,
            options.Seconds,
            options.WarmupSeconds,
            Load = new { Get = 0.8, Put = 0.2, Load.Keys, Load.ValueBytes },
            Ratios = ratios.Select(ratio => new
            {
                ratio.Comparison.Ours,
                ratio.Comparison.Peer,
                Load = ratio.Load.ToString(),
                Median = Round(ratio.Median),
                Min = Round(ratio.Min),
                Max = Round(ratio.Max),
                ratio.AtLeast,
                ratio.Aim,
            }),
            OperationsPerSecond = subjects.Select(subject => new
            {
                Subject = subject.Id,
                Loads = Load.Matrix.ToDictionary(
                    load => load.ToString(),
                    load => measurements.RatesOf(subject.Id, load)!
                        .Select(rate => double.IsFinite(rate) ? Math.Round(rate) : (double?)null)),
            }),
        };
        MakeFolder(options.ResultsFile);
        File.WriteAllText(options.ResultsFile, JsonSerializer.Serialize(document, Format) + "\n");
    }

    public static void MakeFolder(string path) => Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);

    private static double Round(double ratio) => Math.Round(ratio, 3);
}
