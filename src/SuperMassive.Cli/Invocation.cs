using System.CommandLine;
using SuperMassive.Client;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Cli;

/// <summary>Runs the tool: one line per error on standard error, and what the exit code means.</summary>
internal static class Invocation
{
    public const int Succeeded = 0;
    public const int Failed = 1;
    public const int UsageError = 2;

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                Complain($"{error.Message} See 'supermassive --help'.");
            return UsageError;
        }
        // signals belong to the commands: in a shell ctrl-c gives up one line, not the session
        var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            return await parsed.InvokeAsync(invocation).ConfigureAwait(false);
        }
        catch (Exception e)
            when (e is SuperMassiveException or IOException or UnauthorizedAccessException or FormatException or ConfigurationException)
        {
            Complain(e.Message);
            return Failed;
        }
    }

    public static void Complain(string message) => Console.Error.WriteLine($"supermassive: {message.ReplaceLineEndings(" ")}");
}
