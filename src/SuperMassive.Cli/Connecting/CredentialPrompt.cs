using Spectre.Console;

namespace SuperMassive.Cli.Connecting;

/// <summary>Asks on the terminal. It writes to standard error, so that output sent to a file holds the answer only.</summary>
internal static class CredentialPrompt
{
    public static bool IsPossible => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    public static string Ask(string what, bool isSecret)
    {
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var prompt = new TextPrompt<string>($"{what}:");
        return terminal.Prompt(isSecret ? prompt.Secret(mask: null) : prompt);
    }
}
