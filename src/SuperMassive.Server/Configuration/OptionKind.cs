using System.Globalization;

namespace SuperMassive.Server.Configuration;

/// <returns>What is wrong with <paramref name="text"/>, or null when <paramref name="value"/> was set.</returns>
internal delegate string? OptionParser<T>(string text, out T value);

/// <summary>A kind of value: how it is read, how it is written, and what to tell who wrote it wrongly.</summary>
internal sealed record OptionKind<T>(string Expected, OptionParser<T> Read, Func<T, string> Write);

/// <summary>The kinds of values that configuration files have.</summary>
internal static class OptionKinds
{
    private const int MaxDurationMs = 24 * 60 * 60 * 1_000;

    public static OptionKind<bool> Flag { get; } = new("true or false", ReadFlag, value => value ? "true" : "false");

    /// <summary>Where a process listens; port 0 lets the system choose.</summary>
    public static OptionKind<string> ListenAddress { get; } = Address(minPort: 0);

    public static OptionKind<string> PeerAddress { get; } = Address(minPort: 1);

    /// <summary>The same as <see cref="ListenAddress"/>, or nothing.</summary>
    public static OptionKind<string> ListenAddressOrNone { get; } = ListenAddress with
    {
        Expected = ListenAddress.Expected + ", or nothing",
        Read = (string text, out string value) => (value = text).Length == 0 ? null : ListenAddress.Read(text, out value),
    };

    /// <summary>Milliseconds; a bare number in the file counts seconds.</summary>
    public static OptionKind<int> Seconds { get; } = new(
        "more than 0 seconds and at most a day, as 5, 5s or 500ms",
        (string text, out int value) => ReadDuration(text, bareUnitMs: 1_000, out value),
        value => value % 1_000 == 0 ? Number(value / 1_000) : Number(value) + "ms");

    /// <summary>Milliseconds; the unit is part of the value.</summary>
    public static OptionKind<int> Duration { get; } = new(
        "a time with its unit, more than 0 and at most a day, as 128ms or 1s",
        (string text, out int value) => ReadDuration(text, bareUnitMs: 0, out value),
        value => Number(value) + "ms");

    public static OptionKind<string> Text { get; } = new(
        "text",
        (string text, out string value) => (value = text).Length == 0 ? "is empty" : null,
        value => value);

    public static OptionKind<string> File { get; } = new(
        "a file",
        (string text, out string value) =>
        {
            value = text;
            return null;
        },
        value => value);

    public static OptionKind<int> Count(int min, int max) => new(
        $"a whole number, {Number(min)} to {Number(max)}",
        (string text, out int value) => ReadCount(text, min, max, out value),
        Number);

    /// <summary>One of the names of <typeparamref name="T"/>, in lower case.</summary>
    public static OptionKind<T> Choice<T>() where T : struct, Enum => new(
        string.Join(" or ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant())),
        (string text, out T value) =>
        {
            value = default;
            foreach (var choice in Enum.GetValues<T>())
            {
                if (Name(choice) != text)
                    continue;
                value = choice;
                return null;
            }
            return $"\"{text}\" is not known";
        },
        Name);

    private static string Name<T>(T choice) where T : struct, Enum => choice.ToString().ToLowerInvariant();

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static OptionKind<string> Address(int minPort) => new(
        $"HOST:PORT or [IPV6]:PORT, with a port from {Number(minPort)} to 65535",
        (string text, out string value) =>
        {
            value = text;
            if (HostPort.Read(text, out var address) is { } problem)
                return problem;
            return address.Port < minPort ? "\"0\" is not a port" : null;
        },
        value => value);

    private static string? ReadFlag(string text, out bool value)
    {
        value = text.Equals("true", StringComparison.OrdinalIgnoreCase);
        return value || text.Equals("false", StringComparison.OrdinalIgnoreCase) ? null : $"\"{text}\" is not a flag";
    }

    private static string? ReadCount(string text, int min, int max, out int value)
    {
        value = 0;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return $"\"{text}\" is not a whole number";
        if (number < min || number > max)
            return string.Create(CultureInfo.InvariantCulture, $"{number} is out of range");
        value = (int)number;
        return null;
    }

    private static string? ReadDuration(string text, int bareUnitMs, out int value)
    {
        value = 0;
        var (digits, unitMs) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 1),
            _ when text.EndsWith('s') => (text[..^1], 1_000),
            _ => (text, bareUnitMs),
        };
        if (!long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return $"\"{text}\" is not a time";
        if (unitMs == 0)
            return $"\"{text}\" has no unit";
        if (number <= 0 || number > MaxDurationMs / unitMs)
            return $"{text} is out of range";
        value = (int)(number * unitMs);
        return null;
    }
}
