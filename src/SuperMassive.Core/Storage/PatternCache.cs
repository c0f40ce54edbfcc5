using System.Diagnostics.CodeAnalysis;

namespace SuperMassive.Core.Storage;

/// <summary>
/// The patterns asked for last, so that not every page of a scan builds its automaton anew, which takes as long as matching thousands of
/// keys. Costly ones are not kept: their automata grow to megabytes.
/// </summary>
public sealed class PatternCache
{
    private const int Capacity = 8;
    private const int MaxWeight = 8;

    private readonly (byte[] Text, KeyPattern Pattern)[] _kept = new (byte[], KeyPattern)[Capacity];
    private int _count;
    private int _next;

    /// <inheritdoc cref="KeyPattern.TryCreate"/>
    public bool TryGet(ReadOnlySpan<byte> pattern, int maxPatternBytes, [NotNullWhen(true)] out KeyPattern? keyPattern, out string error)
    {
        foreach (ref readonly var kept in _kept.AsSpan(0, _count))
        {
            if (pattern.Length > maxPatternBytes || !pattern.SequenceEqual(kept.Text))
                continue;
            keyPattern = kept.Pattern.Anew();
            error = "";
            return true;
        }
        if (!KeyPattern.TryCreate(pattern, maxPatternBytes, out keyPattern, out error))
            return false;
        if (keyPattern.Weight <= MaxWeight)
            Keep(pattern, keyPattern);
        return true;
    }

    private void Keep(ReadOnlySpan<byte> text, KeyPattern pattern)
    {
        _kept[_next] = (text.ToArray(), pattern.Anew());
        _next = (_next + 1) % Capacity;
        _count = Math.Max(_count, _next == 0 ? Capacity : _next);
    }
}
