using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace SuperMassive.Core.Storage;

/// <summary>
/// The pattern of REGX: a .NET regular expression without backtracking, so that time grows linearly with the key. What could
/// still be costly, building large automata, is refused by <see cref="PatternCost"/> and bounded by a time budget per key.
/// </summary>
/// <remarks>Keys are matched as UTF-8; bytes that are not become U+FFFD. Not thread-safe.</remarks>
public sealed class KeyPattern
{
    /// <summary>Keys up to this many bytes are widened on the stack.</summary>
    private const int StackChars = 512;

    /// <summary>The engine looks at the time once per thousand characters, so a call may take a little more.</summary>
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(20);

    private const int Attempts = 3;
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private static bool _isWarm;

    private readonly Regex _regex;

    private KeyPattern(Regex regex, int weight)
    {
        _regex = regex;
        Weight = weight;
    }

    /// <summary>
    /// How many times as long as a plain pattern this one may take per key at worst, from 1: turns of a scan should shrink by it.
    /// </summary>
    public int Weight { get; }

    /// <summary>
    /// Whether matching one key exceeded its time budget again and again. From then on nothing matches, and what was matched so far
    /// must not be taken for the whole: the answer is an error.
    /// </summary>
    public bool IsTooSlow { get; private set; }

    /// <summary>
    /// Lets the engine be compiled, which takes tens of milliseconds once per process: at its start, rather than from the
    /// time budget of the first key. Creating a pattern does so too.
    /// </summary>
    public static void WarmUp()
    {
        if (_isWarm)
            return;
        _isWarm = true;
        foreach (var pattern in (ReadOnlySpan<string>)["a", "^b:\\d+$", "(?<n>a|b)*[^c]{2,3}$", "\\bc\\w?", "(?i)D.*é"])
        {
            var regex = new Regex(pattern, Options);
            foreach (var key in (ReadOnlySpan<string>)["", "b:12", "bab", "x c", "dxé"])
                regex.IsMatch(key.AsSpan());
        }
    }

    /// <param name="error">Why there is no pattern, as <c>invalid pattern: why</c>; a single line.</param>
    public static bool TryCreate(
        ReadOnlySpan<byte> pattern, int maxPatternBytes, [NotNullWhen(true)] out KeyPattern? keyPattern, out string error)
    {
        WarmUp();
        keyPattern = null;
        error = "";
        if (pattern.Length > maxPatternBytes)
            error = $"invalid pattern: it has {pattern.Length} bytes, more than {maxPatternBytes}";
        else if (!Utf8.IsValid(pattern))
            error = "invalid pattern: it is not UTF-8";
        else
            keyPattern = Create(Encoding.UTF8.GetString(pattern), out error);
        return keyPattern is not null;
    }

    /// <summary>The same pattern for another scan, with all the time a pattern may take.</summary>
    public KeyPattern Anew() => new(_regex, Weight);

    /// <summary>Whether the pattern matches anywhere in the key.</summary>
    public bool IsMatch(ReadOnlySpan<byte> key)
    {
        if (IsTooSlow)
            return false;
        var rented = key.Length > StackChars ? ArrayPool<char>.Shared.Rent(key.Length) : null;
        var chars = rented is null ? stackalloc char[StackChars] : rented;
        Utf8.ToUtf16(key, chars, out _, out var length);
        var isMatch = IsMatch(chars[..length]);
        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
        return isMatch;
    }

    private static KeyPattern? Create(string pattern, out string error)
    {
        if (PatternCost.WhyRefused(pattern, out var weight) is { } refused)
        {
            error = $"invalid pattern: {refused}";
            return null;
        }
        try
        {
            error = "";
            return new KeyPattern(new Regex(pattern, Options, MatchTimeout), weight);
        }
        catch (RegexParseException exception)
        {
            // the message repeats the pattern before it comes to the point
            var reason = exception.Message[(exception.Message.LastIndexOf(" at offset ", StringComparison.Ordinal) + 1)..];
            error = SingleLine($"invalid pattern: {reason}");
        }
        catch (NotSupportedException exception)
        {
            var construct = exception.Message[(exception.Message.LastIndexOf(": ", StringComparison.Ordinal) + 1)..].TrimStart();
            error = SingleLine($"invalid pattern: not supported without backtracking: {construct}");
        }
        return null;
    }

    private static string SingleLine(string text) => string.Create(text.Length, text, static (line, text) =>
    {
        for (var i = 0; i < line.Length; i++)
            line[i] = char.IsControl(text[i]) ? '?' : text[i];
    });

    private bool IsMatch(ReadOnlySpan<char> key)
    {
        // states of the automaton are built as they are met and kept, so a further attempt costs less; it also spares a
        // harmless pattern whose process was merely not running for a while
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            try
            {
                return _regex.IsMatch(key);
            }
            catch (RegexMatchTimeoutException)
            {
                IsTooSlow = attempt == Attempts;
            }
        }
        return false;
    }
}
