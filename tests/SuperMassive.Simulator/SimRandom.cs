using System.Numerics;

namespace SuperMassive.Simulator;

/// <summary>
/// The only source of chance in a world. Our own, because a seed must mean the same run on every runtime, and the sequence of
/// <see cref="Random"/> may change.
/// </summary>
/// <remarks>xoshiro256**, seeded by splitmix64: Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", 2021.</remarks>
public sealed class SimRandom
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    public SimRandom(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>An independent stream, so that what one part of a world draws does not shift what another draws.</summary>
    public SimRandom Fork() => new(Next());

    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in 0 ≤ n &lt; <paramref name="limit"/>; 0 when the limit is 1 or less.</summary>
    public int Below(int limit) => limit <= 1 ? 0 : (int)(((Next() >> 32) * (ulong)limit) >> 32);

    /// <summary>Uniform in <paramref name="low"/> ≤ n ≤ <paramref name="high"/>.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>
    /// Between <paramref name="low"/> and <paramref name="high"/> with every order of magnitude about as likely: most draws are
    /// short and a few are very long, as real delays are.
    /// </summary>
    public int Skewed(int low, int high)
    {
        var range = high - low + 1;
        var bits = Below(BitOperations.Log2((uint)Math.Max(range, 1)) + 1);
        return low + Below(Math.Max(range >> bits, 1));
    }

    public bool Chance(int perMille) => Below(1000) < perMille;

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    public void Fill(Span<byte> bytes)
    {
        foreach (ref var b in bytes)
            b = (byte)(Next() >> 56);
    }

    private static ulong SplitMix(ref ulong seed)
    {
        seed += 0x9E3779B97F4A7C15;
        var z = seed;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
