using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace SuperMassive.SideBySide;

/// <summary>Operations per second of every subject under every load, repeat by repeat.</summary>
internal sealed class Measurements(int repeats)
{
    private readonly Dictionary<(string Subject, Load Load), double[]> _rates = [];

    /// <summary>Runs that failed, or that answered wrongly.</summary>
    public int Failures { get; private set; }

    /// <returns>One rate per repeat, NaN where a run failed; null for a subject that was not there.</returns>
    public double[]? RatesOf(string subject, Load load) => _rates.GetValueOrDefault((subject, load));

    /// <summary>The median of a subject's repeats; NaN when none succeeded.</summary>
    public double MedianOf(string subject, Load load)
    {
        double[] rates = [.. (RatesOf(subject, load) ?? []).Where(double.IsFinite).Order()];
        return rates.Length == 0 ? double.NaN : Ratio.MedianOf(rates);
    }

    /// <summary>
    /// Measures subject after subject within a repeat, so that whatever disturbs the machine for a while disturbs them alike, and
    /// begins each repeat with another one.
    /// </summary>
    /// <exception cref="MeasurementException">A subject is gone, so that going on would compare nothing.</exception>
    public async Task RunAsync(IReadOnlyList<Subject> subjects, Generator generator, CancellationToken cancel)
    {
        var (done, total, started) = (0, Load.Matrix.Length * repeats * subjects.Count, Stopwatch.GetTimestamp());
        foreach (var load in Load.Matrix)
        {
            foreach (var subject in subjects)
                _rates[(subject.Id, load)] = [.. Enumerable.Repeat(double.NaN, repeats)];
            for (var repeat = 0; repeat < repeats; repeat++)
            {
                foreach (var subject in subjects.Skip(repeat % subjects.Count).Concat(subjects.Take(repeat % subjects.Count)))
                {
                    var rate = await MeasureAsync(subject, load, generator, cancel).ConfigureAwait(false);
                    _rates[(subject.Id, load)][repeat] = rate;
                    var left = Stopwatch.GetElapsedTime(started) / ++done * (total - done);
                    AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{done,3}/{total} {load,-6} {subject.Title,-32} {rate / 1_000,8:0.0} k/s   {left.TotalMinutes:0.0} min left"));
                }
            }
        }
    }

    private async Task<double> MeasureAsync(Subject subject, Load load, Generator generator, CancellationToken cancel)
    {
        try
        {
            return await generator.RunAsync(subject, load, cancel).ConfigureAwait(false);
        }
        catch (MeasurementException e)
        {
            // ctrl-c reaches every process of a terminal: what ends by it has not failed
            cancel.ThrowIfCancellationRequested();
            if (subject.Gone is { } gone)
                throw new MeasurementException($"{subject.Title} under {load}: {gone.Name} has exited\n{subject.Logs}");
            Failures++;
            Console.Error.WriteLine($"failed: {subject.Title} under {load}: {e.Message}\n{subject.Logs}");
            return double.NaN;
        }
    }
}
