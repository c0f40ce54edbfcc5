using System.CommandLine;
using Spectre.Console;

namespace SuperMassive.Cli.Bench;

/// <summary><c>supermassive bench</c></summary>
internal static class BenchCommand
{
    // a file has no edge; wide enough for the table
    private const int RedirectedWidthCells = 200;

    public static Command Create()
    {
        var command = new Command("bench", "Load a cluster, or any Redis server, and check every value it answers");
        var arguments = new BenchArguments(command);
        command.SetAction(async (parsed, _) =>
        {
            var read = arguments.Read(parsed);
            foreach (var error in read.Errors)
                Invocation.Complain(error);
            return read.Value is { } settings
                ? await RunAsync(settings, arguments.JsonFile(parsed)).ConfigureAwait(false)
                : Invocation.UsageError;
        });
        return command;
    }

    private static async Task<int> RunAsync(BenchSettings settings, string? jsonFile)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = RedirectedWidthCells;
        using var interrupt = new Interrupt();
        using var run = new LoadRun(settings);
        var (report, failure) = await LiveView.WatchAsync(run, run.RunAsync(interrupt.Token)).ConfigureAwait(false);
        if (report is null)
        {
            Invocation.Complain(failure);
            return Invocation.Failed;
        }
        BenchView.Show(AnsiConsole.Console, report);
        if (jsonFile is not null)
            BenchJson.Write(jsonFile, report);
        return report.IsClean ? Invocation.Succeeded : Invocation.Failed;
    }
}
