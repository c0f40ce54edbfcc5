using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace SuperMassive.Cli.Bench;

/// <summary>Options whose wrong values are refused in words that name option, value and what was expected.</summary>
internal static class BenchOption
{
    public static Option<int> Count(string name, int standard, int min, int max, string description) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => standard,
        CustomParser = result => ParseCount(result, name, min, max),
    };

    public static Option<double> Ratio(string name, double standard, string command) => new(name)
    {
        Description = $"Part of commands that are {command}",
        DefaultValueFactory = _ => standard,
        CustomParser = result => ParseNumber(result, name, 0, 1),
    };

    /// <param name="choices">The first is what is taken without the option.</param>
    public static Option<T> Choice<T>(string name, Dictionary<string, T> choices, string description)
        where T : struct => new(name)
        {
            Description = $"{description} [default: {choices.Keys.First()}]",
            HelpName = string.Join('|', choices.Keys),
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (!choices.TryGetValue(text, out var choice))
                    result.AddError($"{name} is '{text}', expected {string.Join(" or ", choices.Keys)}.");
                return choice;
            },
        };

    public static int ParseCount(ArgumentResult argument, string name, int min, int max)
    {
        var text = argument.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= min && count <= max)
            return count;
        argument.AddError($"{name} is '{text}', expected {min} to {max}.");
        return min;
    }

    public static long ParseOperations(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 1_000_000_000_000)
            return count;
        argument.AddError($"--operations is '{text}', expected 1 to 1000000000000.");
        return 1;
    }

    public static double ParseNumber(ArgumentResult argument, string name, double min, double max)
    {
        var text = argument.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;
        argument.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}', expected {min} to {max}."));
        return min;
    }

    public static TimeSpan? ParseSeconds(ArgumentResult argument, string name, double min)
    {
        const double max = 86_400;
        var text = argument.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds >= min && seconds <= max)
            return TimeSpan.FromSeconds(seconds);
        argument.AddError(
            string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}', expected a number of seconds, {min} to {max}."));
        return null;
    }
}
