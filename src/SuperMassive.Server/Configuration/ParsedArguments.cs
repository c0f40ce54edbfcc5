using System.CommandLine;
using System.CommandLine.Parsing;

namespace SuperMassive.Server.Configuration;

/// <summary>What a command line came to: a value, or a text to print and end well, or errors. Exactly one of them.</summary>
/// <param name="Text">The answer to <c>--help</c> or <c>--version</c>.</param>
/// <param name="Errors">One line each, for standard error.</param>
public sealed record ParsedArguments<T>(T? Value, string? Text, IReadOnlyList<string> Errors) where T : class
{
    public static ParsedArguments<T> Of(T value) => new(value, null, []);

    public static ParsedArguments<T> Failed(IReadOnlyList<string> errors) => new(null, null, errors);

    /// <summary>Reads the arguments against <paramref name="command"/>, then lets <paramref name="read"/> make the value of them.</summary>
    public static ParsedArguments<T> From(Command command, IReadOnlyList<string> arguments, Func<ParseResult, ParsedArguments<T>> read)
    {
        var parsed = command.Parse(arguments);
        if (parsed.Errors.Count > 0)
            return Failed([.. parsed.Errors.Select(error => error.Message)]);
        // the command has no action of its own, so one that was found belongs to --help or --version
        return parsed.Action is null ? read(parsed) : new ParsedArguments<T>(null, TextOf(parsed), []);
    }

    private static string TextOf(ParseResult parsed)
    {
        var output = new StringWriter();
        parsed.Invoke(new InvocationConfiguration { Output = output, Error = output });
        return output.ToString();
    }
}
