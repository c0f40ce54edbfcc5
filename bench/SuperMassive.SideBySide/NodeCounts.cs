using System.Globalization;
using Spectre.Console;

namespace SuperMassive.SideBySide;

/// <summary>
/// How throughput and processor time change with the number of nodes, all in one process, under 50×16: what should not depend on it
/// must not, and what asks every node shows what that costs.
/// </summary>
internal sealed class NodeCounts(IReadOnlyList<Subject> subjects, int repeats)
{
    private const int OtherKeyBytes = 20;

    private static readonly Load Load = new(50, 16);

    private static readonly Mix[] Mixes =
    [
        new("GET with a hint", 1, 0, 0, Preload: false),
        new("GET that asks all", 1, 0, 0, OtherKeyBytes, Preload: false),
        new("PUT", 0, 1, 0, Preload: false),
        new("DEL", 0, 0, 1, Preload: false), // the last: afterwards the keys are gone
    ];

    private readonly Dictionary<(Mix, Subject), List<Sample>> _samples = [];

    /// <summary>Measures subject after subject within a repeat, so that whatever disturbs the machine disturbs them alike.</summary>
    /// <param name="preload">Writes the keys, and is not measured.</param>
    /// <param name="generator">Without warming up: the processor time would count that too.</param>
    /// <exception cref="MeasurementException">A run failed, or an answer was wrong.</exception>
    public async Task RunAsync(BenchGenerator preload, BenchGenerator generator, CancellationToken cancel)
    {
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            foreach (var subject in subjects)
                await preload.RunAsync(subject, Load, Mix.Standard, cancel).ConfigureAwait(false);
            foreach (var mix in Mixes)
            {
                foreach (var subject in subjects.Skip(repeat % subjects.Count).Concat(subjects.Take(repeat % subjects.Count)))
                    await MeasureAsync(mix, subject, generator, cancel).ConfigureAwait(false);
            }
        }
    }

    public void Show()
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = ResultTable.RedirectedWidthCells;
        var table = new Table().Border(TableBorder.Simple).Title($"{Load}, in one process: medians, ratios as median (lowest to highest)");
        table.AddColumn("");
        foreach (var subject in subjects)
            table.AddColumn(new TableColumn($"{subject.Title}: k/s").RightAligned()).AddColumn(new TableColumn("µs").RightAligned());
        table.AddColumn("throughput, last over first");
        foreach (var mix in Mixes)
        {
            table.AddRow(
            [
                mix.Title,
                .. subjects.SelectMany(subject => new[]
                {
                    Text($"{MedianOf(mix, subject, sample => sample.PerSecond) / 1_000:0.0}"),
                    Text($"{MedianOf(mix, subject, sample => sample.ProcessorUs):0.0}"),
                }),
                RatioOf(mix),
            ]);
        }
        AnsiConsole.Write(table);
    }

    private async Task MeasureAsync(Mix mix, Subject subject, BenchGenerator generator, CancellationToken cancel)
    {
        var before = subject.ProcessorTime;
        var (perSecond, count) = await generator.RunAsync(subject, Load, mix, cancel).ConfigureAwait(false);
        var sample = new Sample(perSecond, (subject.ProcessorTime - before).TotalMicroseconds / count);
        if (!_samples.TryGetValue((mix, subject), out var samples))
            _samples.Add((mix, subject), samples = []);
        samples.Add(sample);
        AnsiConsole.WriteLine(Text($"{mix.Title,-18} {subject.Title,-28} {perSecond / 1_000,8:0.0} k/s {sample.ProcessorUs,6:0.0} µs"));
    }

    private double MedianOf(Mix mix, Subject subject, Func<Sample, double> figure) =>
        Ratio.MedianOf([.. _samples[(mix, subject)].Select(figure).Order()]);

    private string RatioOf(Mix mix)
    {
        double[] ratios =
        [
            .. _samples[(mix, subjects[^1])].Zip(_samples[(mix, subjects[0])], (last, first) => last.PerSecond / first.PerSecond).Order(),
        ];
        return Text($"{Ratio.MedianOf(ratios):0.00} ({ratios[0]:0.00} to {ratios[^1]:0.00})");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <param name="ProcessorUs">Of the servers' processor time for each command.</param>
    private readonly record struct Sample(double PerSecond, double ProcessorUs);
}
