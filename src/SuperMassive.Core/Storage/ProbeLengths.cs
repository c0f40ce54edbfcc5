namespace SuperMassive.Core.Storage;

/// <summary>How far entries stand from home: a histogram, so that the maximum is known at any time without looking at slots.</summary>
internal sealed class ProbeLengths
{
    private long[] _counts = new long[64];
    private long _entries;
    private long _sum;

    public int Max { get; private set; }

    public double Average => _entries == 0 ? 0 : (double)_sum / _entries;

    public void Add(int length)
    {
        if (length >= _counts.Length)
            Array.Resize(ref _counts, Math.Max(length + 1, _counts.Length * 2));
        _counts[length]++;
        _entries++;
        _sum += length;
        Max = Math.Max(Max, length);
    }

    public void Remove(int length)
    {
        _counts[length]--;
        _entries--;
        _sum -= length;
        while (Max > 0 && _counts[Max] == 0)
            Max--;
    }

    /// <summary>An entry moved from <paramref name="length"/> to <paramref name="length"/> + <paramref name="by"/>.</summary>
    public void Shift(int length, int by)
    {
        Add(length + by);
        Remove(length);
    }
}
