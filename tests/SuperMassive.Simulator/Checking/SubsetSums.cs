using System.Numerics;

namespace SuperMassive.Simulator.Checking;

/// <summary>Which of some numbers add up to another one.</summary>
public sealed class SubsetSums
{
    /// <summary>Equal ones side by side.</summary>
    private readonly int[] _terms;

    /// <summary>The index of each as it was handed in.</summary>
    private readonly int[] _indices;

    /// <summary>Of the terms from each index on: bit n stands for the sum lowest + n, the sum of nothing included.</summary>
    private readonly (BigInteger Sums, int Lowest)[] _of;

    private readonly int[] _taken;

    public SubsetSums(List<int> terms)
    {
        _indices = [.. Enumerable.Range(0, terms.Count).OrderBy(i => terms[i])];
        _terms = Array.ConvertAll(_indices, i => terms[i]);
        _taken = new int[_terms.Length];
        _of = new (BigInteger, int)[_terms.Length + 1];
        _of[^1] = (BigInteger.One, 0);
        for (var i = _terms.Length - 1; i >= 0; i--)
        {
            var (sums, lowest) = _of[i + 1];
            _of[i] = (sums | sums << Math.Abs(_terms[i]), lowest + Math.Min(_terms[i], 0));
        }
    }

    /// <summary>How many terms there are.</summary>
    public int Count => _terms.Length;

    /// <summary>Whether some of the terms, or none of them, add up to <paramref name="sum"/>.</summary>
    public bool CanMake(int sum) => CanMake(0, sum);

    /// <summary>
    /// Hands out the indices of every subset of so many terms that adds up to <paramref name="sum"/>, until one is taken. Of subsets that
    /// differ only in which of equal terms they have, the one with the first of them.
    /// </summary>
    /// <returns>Whether one was taken.</returns>
    public bool Any(int terms, int sum, Func<ArraySegment<int>, bool> isTaken) => Any(0, 0, terms, sum, isTaken);

    private bool Any(int from, int taken, int left, int sum, Func<ArraySegment<int>, bool> isTaken)
    {
        if (left == 0)
            return sum == 0 && isTaken(new ArraySegment<int>(_taken, 0, taken));
        for (var i = from; i <= _terms.Length - left && CanMake(i, sum); i++)
        {
            if (i > from && _terms[i] == _terms[i - 1])
                continue;
            _taken[taken] = _indices[i];
            if (Any(i + 1, taken + 1, left - 1, sum - _terms[i], isTaken))
                return true;
        }
        return false;
    }

    private bool CanMake(int from, int sum)
    {
        var (sums, lowest) = _of[from];
        return sum >= lowest && !(sums >> (sum - lowest)).IsEven;
    }
}
