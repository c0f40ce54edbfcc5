namespace SuperMassive.Cli.Bench;

/// <summary>SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014): every state is a good one.</summary>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next() => Next(ref _state);

    /// <summary>0 to <paramref name="limit"/> exclusive.</summary>
    public int Next(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    /// <summary>0 to 1 exclusive.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1ul << 53));

    public static ulong Next(ref ulong state)
    {
        var z = state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
