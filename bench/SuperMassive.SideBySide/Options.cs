using System.CommandLine;

namespace SuperMassive.SideBySide;

/// <summary>What the command line says.</summary>
internal sealed record Options(int Repeats, double Seconds, double WarmupSeconds, string? Generator, string ResultsFile, string ChartFile)
{
    private static readonly Option<int> RepeatsOption = new("--repeats")
    {
        Description = "How often each cell of the matrix is measured, interleaved",
        DefaultValueFactory = _ => 5,
    };

    private static readonly Option<double> SecondsOption = new("--seconds")
    {
        Description = "Of measuring, for each cell and repeat",
        DefaultValueFactory = _ => 3,
    };

    private static readonly Option<double> WarmupOption = new("--warmup")
    {
        Description = "Seconds of load before each",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<string?> GeneratorOption = new("--generator")
    {
        Description = "A kvbench program to make the load, instead of supermassive bench",
        HelpName = "PATH",
    };

    private static readonly Option<string> ResultsOption = new("--results")
    {
        Description = "Where the figures go",
        HelpName = "FILE",
        DefaultValueFactory = _ => Path.Combine(Built.RepositoryRoot, "bench", "results.json"),
    };

    private static readonly Option<string> ChartOption = new("--chart")
    {
        Description = "Where the drawing goes",
        HelpName = "FILE",
        DefaultValueFactory = _ => Path.Combine(Built.RepositoryRoot, "docs", "images", "performance.svg"),
    };

    private static readonly Option<int[]> CountsOption = new("--counts")
    {
        Description = "Numbers of nodes; ratios are of the last to the first",
        HelpName = "N",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [2, 8],
    };

    /// <param name="runNodes">Takes the numbers of nodes too.</param>
    public static RootCommand Declare(Func<Options, Task<int>> run, Func<Options, int[], Task<int>> runNodes)
    {
        var root = Declare(run);
        var nodes = new Command("nodes", "Measures how throughput changes with the number of nodes in one process.")
        {
            CountsOption, RepeatsOption, SecondsOption,
        };
        nodes.SetAction((parsed, _) =>
        {
            var options = new Options(parsed.GetValue(RepeatsOption), parsed.GetValue(SecondsOption), 0, null, "", "");
            var counts = parsed.GetRequiredValue(CountsOption);
            var problem = Array.TrueForAll(counts, count => count is >= 1 and <= 64) && counts.Length > 0
                ? options.Problem
                : $"--counts is {string.Join(' ', counts)}, expected numbers from 1 to 64";
            if (problem is null)
                return runNodes(options, counts);
            Console.Error.WriteLine(problem);
            return Task.FromResult(2);
        });
        root.Add(nodes);
        return root;
    }

    private static RootCommand Declare(Func<Options, Task<int>> run)
    {
        var command = new RootCommand("Measures SuperMassive beside the peers that are installed.")
        {
            RepeatsOption, SecondsOption, WarmupOption, GeneratorOption, ResultsOption, ChartOption,
        };
        command.SetAction((parsed, _) =>
        {
            var options = new Options(
                parsed.GetValue(RepeatsOption), parsed.GetValue(SecondsOption), parsed.GetValue(WarmupOption),
                parsed.GetValue(GeneratorOption), parsed.GetRequiredValue(ResultsOption), parsed.GetRequiredValue(ChartOption));
            if (options.Problem is not { } problem)
                return run(options);
            Console.Error.WriteLine(problem);
            return Task.FromResult(2);
        });
        return command;
    }

    private string? Problem => this switch
    {
        { Repeats: < 1 or > 1_000 } => $"--repeats is {Repeats}, expected 1 to 1000",
        { Seconds: not (>= 0.1 and <= 60) } => $"--seconds is {Seconds}, expected 0.1 to 60",
        { WarmupSeconds: not (>= 0 and <= 20) } => $"--warmup is {WarmupSeconds}, expected 0 to 20",
        { Generator: { } generator } when !File.Exists(generator) => $"--generator: there is no '{generator}'",
        _ => null,
    };
}
