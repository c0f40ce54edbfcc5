using System.Globalization;
using Spectre.Console;

namespace SuperMassive.Cli.Bench;

/// <summary>Shows a report to people.</summary>
internal static class BenchView
{
    public static void Show(IAnsiConsole console, BenchReport report)
    {
        console.WriteLine(Describe(report.Settings));
        if (report.Total.Count > 0)
            console.Write(TableOf(report));
        console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{report.Total.PerSecond:N0} operations/s for {report.Elapsed.TotalSeconds:0.00} s."
            + $" Closed loop: a slow reply delays what follows it, and latencies are not corrected for that."));
        console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{report.ValuesChecked:N0} values checked, {report.Wrong:N0} wrong, {report.Errors:N0} errors,"
            + $" {report.Unanswered:N0} unanswered, {report.Lost:N0} connections lost"));
        foreach (var (text, times) in report.Problems)
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {times:N0} × {text}"));
        if (report.Ended is not null)
            console.WriteLine($"ended early, {report.Ended}");
    }

    private static string Describe(BenchSettings settings) => string.Create(CultureInfo.InvariantCulture,
        $"{settings.Target.Address} by {Word(settings.Protocol)}: {settings.Connections} connections × {settings.Pipeline} deep,"
        + $" {settings.Workers} threads, {settings.Keys:N0} keys of {settings.KeyBytes} bytes ({Word(settings.Distribution)}),"
        + $" values of {settings.ValueBytes} bytes, seed {settings.Seed}");

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static Table TableOf(BenchReport report)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("command");
        foreach (var heading in (string[])["count", "per second", "p50 µs", "p90 µs", "p99 µs", "p99.9 µs", "max µs"])
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var row in report.Commands.Count > 1 ? report.Commands.Append(report.Total) : report.Commands)
        {
            table.AddRow(
                row.Command, Whole(row.Count), Whole(row.PerSecond),
                Us(row.P50Us), Us(row.P90Us), Us(row.P99Us), Us(row.P999Us), Us(row.MaxUs));
        }
        return table;
    }

    private static string Whole(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Us(double us) => us.ToString(us < 100 ? "0.0" : "N0", CultureInfo.InvariantCulture);
}
