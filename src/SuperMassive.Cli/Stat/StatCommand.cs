using System.CommandLine;
using Spectre.Console;
using SuperMassive.Cli.Connecting;
using SuperMassive.Client;

namespace SuperMassive.Cli.Stat;

/// <summary><c>supermassive stat</c></summary>
internal static class StatCommand
{
    public static Command Create()
    {
        var command = new Command("stat", "Show the figures of cluster, primaries and replicas");
        var target = new TargetOptions(command);
        var raw = new Option<bool>("--raw") { Description = "Print the text as the cluster sent it" };
        var watch = new Option<double?>("--watch") { Description = "Show it again every so many seconds, until ctrl-c", HelpName = "seconds" };
        watch.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is not (>= 0.1 and <= 86_400))
                result.AddError("--watch takes a number of seconds, 0.1 to 86400.");
        });
        command.Add(raw);
        command.Add(watch);
        command.SetAction(async (parsed, _) =>
        {
            using var interrupt = new Interrupt();
            var view = new StatView(AnsiConsole.Console, Console.Out, target.Resolve(parsed), parsed.GetValue(raw));
            try
            {
                await view.RunAsync(parsed.GetValue(watch) is { } s ? TimeSpan.FromSeconds(s) : null, interrupt.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
            {
                // ctrl-c is how one stops watching
            }
            return Invocation.Succeeded;
        });
        return command;
    }
}
