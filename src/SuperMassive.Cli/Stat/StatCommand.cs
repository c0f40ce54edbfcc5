using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Spectre.Console;
using SuperMassive.Cli.Connecting;
using SuperMassive.Client;

namespace SuperMassive.Cli.Stat;

/// <summary><c>supermassive stat</c></summary>
internal static class StatCommand
{
    // a file has no edge; wide enough for the longest host names
    private const int RedirectedWidthCells = 200;

    public static Command Create()
    {
        var command = new Command("stat", "Show the figures of cluster, primaries and replicas");
        var target = new TargetOptions(command, TargetConventions.Standard);
        var raw = new Option<bool>("--raw") { Description = "Print the text as the cluster sent it" };
        var watch = new Option<TimeSpan?>("--watch")
        {
            Description = "Show it again every so many seconds, until ctrl-c",
            HelpName = "seconds",
            CustomParser = ParseInterval,
        };
        command.Add(raw);
        command.Add(watch);
        command.SetAction(async (parsed, _) =>
        {
            using var interrupt = new Interrupt();
            if (Console.IsOutputRedirected)
                AnsiConsole.Profile.Width = RedirectedWidthCells;
            var view = new StatView(AnsiConsole.Console, Console.Out, target.Resolve(parsed), parsed.GetValue(raw));
            try
            {
                await view.RunAsync(parsed.GetValue(watch), interrupt.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
            {
                // ctrl-c is how one stops watching
            }
            return Invocation.Succeeded;
        });
        return command;
    }

    private static TimeSpan? ParseInterval(ArgumentResult argument)
    {
        if (double.TryParse(argument.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0.1 and <= 86_400)
        {
            return TimeSpan.FromSeconds(seconds);
        }
        argument.AddError($"--watch is '{argument.Tokens[0].Value}', expected a number of seconds, 0.1 to 86400.");
        return null;
    }
}
