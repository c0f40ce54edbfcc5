using System.Globalization;
using Spectre.Console;

namespace SuperMassive.SideBySide;

/// <summary>Ratios and rates for a terminal.</summary>
internal static class ResultTable
{
    public const int RedirectedWidthCells = 160;

    public static void Show(IReadOnlyList<Ratio> ratios, IReadOnlyList<Subject> subjects, Measurements measurements)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = RedirectedWidthCells;
        var table = new Table().Border(TableBorder.Simple).Title("ratios: median (lowest to highest)");
        table.AddColumns("ours", "against", "load", "ratio", "at least", "aim", "");
        foreach (var ratio in ratios)
        {
            table.AddRow(
                ratio.Comparison.OursTitle, ratio.Comparison.PeerTitle, ratio.Load.ToString(),
                string.Create(CultureInfo.InvariantCulture, $"{ratio.Median:0.00} ({ratio.Min:0.00} to {ratio.Max:0.00})"),
                Text(ratio.AtLeast), Text(ratio.Aim), ratio.Verdict);
        }
        AnsiConsole.Write(table);

        var rates = new Table().Border(TableBorder.Simple).Title("thousands of operations per second, median");
        rates.AddColumn("");
        foreach (var load in Load.Matrix)
            rates.AddColumn(new TableColumn(load.ToString()).RightAligned());
        foreach (var subject in subjects)
            rates.AddRow([subject.Title, .. Load.Matrix.Select(load => Thousands(measurements.MedianOf(subject.Id, load)))]);
        AnsiConsole.Write(rates);
    }

    private static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Thousands(double rate) => (rate / 1_000).ToString("0.0", CultureInfo.InvariantCulture);
}
