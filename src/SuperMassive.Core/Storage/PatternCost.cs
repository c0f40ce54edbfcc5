namespace SuperMassive.Core.Storage;

/// <summary>
/// Estimates what a pattern costs before it is built: counted repetitions are expanded into automaton states, nested ones
/// multiply, and every character beyond ASCII divides the alphabet further.
/// </summary>
/// <remarks>
/// Measured with .NET 10: 250 expanded states cost at most 50 ms for the first thousand characters and 2 ms per short key;
/// 64 characters beyond ASCII cost 16 ms to build, 340 cost 130 ms. An estimate that is misled by odd syntax is harmless:
/// the engine refuses automata of several thousand states itself.
/// </remarks>
internal ref struct PatternCost
{
    private const int MaxExpansion = 256;
    private const int MaxForeignCharacters = 64;

    private readonly ReadOnlySpan<char> _pattern;
    private readonly Stack<long> _outerSizes = new();
    private readonly HashSet<char> _foreignCharacters = [];
    private int _at;
    private int _foreignClasses;
    private long _groupSize;
    private long _atomSize;
    private long _expansion;
    private int _loops;

    private PatternCost(ReadOnlySpan<char> pattern) => _pattern = pattern;

    /// <param name="weight">1 and what was counted of expanded states and unbounded loops.</param>
    /// <returns>Nothing when the pattern may be built.</returns>
    public static string? WhyRefused(ReadOnlySpan<char> pattern, out int weight)
    {
        var cost = new PatternCost(pattern);
        var refused = cost.Walk();
        weight = (int)Math.Min(1 + cost._loops + cost._expansion, int.MaxValue);
        return refused;
    }

    private string? Walk()
    {
        while (_at < _pattern.Length)
        {
            var refused = Step(_pattern[_at++]);
            if (refused is not null)
                return refused;
            if (_expansion > MaxExpansion)
                return $"its counted repetitions expand to more than {MaxExpansion} states";
            if (_foreignCharacters.Count + _foreignClasses > MaxForeignCharacters)
                return $"it names more than {MaxForeignCharacters} characters and classes beyond ASCII";
        }
        return null;
    }

    private string? Step(char character)
    {
        switch (character)
        {
            case '(':
                return OpenGroup();
            case ')':
                CloseGroup();
                break;
            case '[':
                Atom();
                SkipClass();
                break;
            case '{' when TryReadCount(out var count):
                Repeat(count);
                break;
            case '*' or '+':
                _loops++;
                break;
            case '?' or '|':
                break;
            case '\\':
                Atom();
                Escape();
                break;
            default:
                Atom();
                Note(character);
                break;
        }
        return null;
    }

    private void Atom()
    {
        _groupSize += _atomSize;
        _atomSize = 1;
    }

    private void Repeat(int count)
    {
        _expansion += _atomSize * (count - 1L);
        _atomSize *= count;
    }

    private string? OpenGroup()
    {
        if (_at < _pattern.Length && _pattern[_at] == '?')
        {
            var prefix = _pattern[(_at + 1)..];
            if (prefix is ['#', ..])
                return "comments are not supported";
            var end = prefix.IndexOfAny(":>)=!");
            // free spacing has comments too, which would have to be told apart from what they hide
            if (end >= 0 && prefix is not (['<', ..] or ['\'', ..]) && prefix[..end].ContainsAny('x', 'X'))
                return "free spacing (x) is not supported";
            if (end >= 0 && prefix[end] == ')')
            {
                _at += end + 2;
                return null;
            }
            _at += prefix is ['\'', ..] ? 2 : end < 0 ? 1 : end + 2;
        }
        Atom();
        _outerSizes.Push(_groupSize);
        _groupSize = _atomSize = 0;
        return null;
    }

    private void CloseGroup()
    {
        _atomSize = Math.Max(_groupSize + _atomSize, 1);
        _groupSize = _outerSizes.TryPop(out var outer) ? outer : 0;
    }

    private void SkipClass()
    {
        if (_at < _pattern.Length && _pattern[_at] == '^')
            _at++;
        var depth = 1;
        // a bracket in first place is a character
        for (var first = _at; _at < _pattern.Length && depth > 0; _at++)
        {
            var character = _pattern[_at];
            if (character == '\\')
            {
                _at++;
                Escape();
                _at--;
            }
            else if (character == ']' && _at > first)
                depth--;
            else if (character == '[' && _at > first && _pattern[_at - 1] == '-')
                depth++;
            else
                Note(character);
        }
    }

    private void Escape()
    {
        if (_at == _pattern.Length)
            return;
        if (_pattern[_at] is 'p' or 'P' or 'u')
            _foreignClasses++;
        _at++;
    }

    private readonly void Note(char character)
    {
        if (!char.IsAscii(character))
            _foreignCharacters.Add(character);
    }

    /// <summary>Reads {n}, {n,} or {n,m}; anything else in braces is literal.</summary>
    private bool TryReadCount(out int count)
    {
        count = 0;
        var length = _pattern[_at..].IndexOf('}');
        if (length <= 0)
            return false;
        var body = _pattern.Slice(_at, length);
        var comma = body.IndexOf(',');
        if (!TryReadNumber(comma < 0 ? body : body[..comma], out var least))
            return false;
        var most = least;
        if (comma >= 0 && comma < body.Length - 1 && !TryReadNumber(body[(comma + 1)..], out most))
            return false;
        count = Math.Max(Math.Max(least, most), 1);
        _at += length + 1;
        return true;
    }

    /// <summary>A number beyond any limit counts as the limit, so that nothing overflows.</summary>
    private static bool TryReadNumber(ReadOnlySpan<char> digits, out int number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
                return false;
            number = Math.Min(number * 10 + (digit - '0'), MaxExpansion * 16);
        }
        return digits.Length > 0;
    }
}
