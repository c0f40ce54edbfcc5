using System.CommandLine;
using Spectre.Console;
using SuperMassive.Cli.Connecting;

namespace SuperMassive.Cli.Shell;

/// <summary><c>supermassive shell</c></summary>
internal static class ShellCommand
{
    public static Command Create()
    {
        var command = new Command("shell", "Talk to a cluster line by line; piped input gets plain replies, and exit code 1 if any is ERR");
        var target = new TargetOptions(command, TargetConventions.Standard);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = target.Resolve(parsed);
            if (!Console.IsInputRedirected && !Console.IsOutputRedirected)
                return await new InteractiveShell(options, AnsiConsole.Console, HistoryFile.OfUser()).RunAsync().ConfigureAwait(false);
            var input = Console.OpenStandardInput();
            await using var replies = Console.OpenStandardOutput();
            return await PipedShell.RunAsync(options, input, new PlainOutput(replies, Console.Error), cancellationToken)
                .ConfigureAwait(false);
        });
        return command;
    }
}
