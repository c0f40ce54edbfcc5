using HdrHistogram;

namespace SuperMassive.Cli.Bench;

/// <summary>Figures of one command, or of all. Latencies in microseconds, from writing a command until its reply was read.</summary>
internal sealed record CommandReport(
    string Command, long Count, double PerSecond, double P50Us, double P90Us, double P99Us, double P999Us, double MaxUs)
{
    public static CommandReport Of(string command, HistogramBase latencies, TimeSpan elapsed)
    {
        return new CommandReport(
            command, latencies.TotalCount, elapsed > TimeSpan.Zero ? latencies.TotalCount / elapsed.TotalSeconds : 0,
            Us(50), Us(90), Us(99), Us(99.9), Us(100));

        double Us(double percentile) => latencies.TotalCount > 0 ? latencies.GetValueAtPercentile(percentile) / 1e3 : 0;
    }
}

/// <summary>What came of a run.</summary>
/// <param name="Total">All commands together.</param>
/// <param name="Commands">Those that were used.</param>
/// <param name="ValuesChecked">Values and numbers compared with what was written, warming up included.</param>
/// <param name="Lost">Connections that ended before the run did.</param>
/// <param name="Problems">What was wrong and how often, the most frequent first.</param>
/// <param name="Ended">What ended it early; null when it ran to its end.</param>
internal sealed record BenchReport(
    BenchSettings Settings, TimeSpan Elapsed, CommandReport Total, IReadOnlyList<CommandReport> Commands, long ValuesChecked,
    long Errors, long Wrong, long Unanswered, long Lost, IReadOnlyList<KeyValuePair<string, long>> Problems, string? Ended)
{
    private const int MaxProblems = 10;

    /// <summary>Whether it ran to its end and every reply was right.</summary>
    public bool IsClean => Errors == 0 && Wrong == 0 && Unanswered == 0 && Lost == 0 && Ended is null;

    public static BenchReport Of(BenchSettings settings, IReadOnlyList<Tally> tallies, TimeSpan elapsed, string? ended)
    {
        var total = new LongHistogram(1, 3_600_000_000_000, 3);
        List<CommandReport> commands = [];
        foreach (var command in Enum.GetValues<BenchCommandKind>())
        {
            var latencies = new LongHistogram(1, 3_600_000_000_000, 3);
            foreach (var tally in tallies)
            {
                if (tally.LatenciesOf(command) is { } some)
                    latencies.Add(some);
            }
            if (latencies.TotalCount == 0)
                continue;
            total.Add(latencies);
            commands.Add(CommandReport.Of(ReplyCheck.NameOf(command), latencies, elapsed));
        }
        var problems = tallies.SelectMany(tally => tally.Texts)
            .GroupBy(problem => problem.Key, (text, same) => KeyValuePair.Create(text, same.Sum(problem => problem.Value)))
            .OrderByDescending(problem => problem.Value)
            .Take(MaxProblems);
        return new BenchReport(
            settings, elapsed, CommandReport.Of("all", total, elapsed), commands, Sum(tally => tally.ValuesChecked),
            Sum(tally => tally.Errors), Sum(tally => tally.Wrong), Sum(tally => tally.Unanswered), Sum(tally => tally.Lost),
            [.. problems], ended);

        long Sum(Func<Tally, long> of) => tallies.Sum(of);
    }
}
