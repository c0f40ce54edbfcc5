using System.Numerics;

namespace SuperMassive.Core.Storage;

/// <summary>
/// The block sizes of an <see cref="Arena"/>, in units of 16 bytes: every count up to 8 units, then four steps per power of
/// two, so that a block is at most a quarter larger than what was asked for.
/// </summary>
internal static class SizeClass
{
    public const int UnitBytes = 16;

    /// <summary>The largest class; anything larger is an allocation of its own.</summary>
    public const int MaxUnits = Arena.ChunkUnits / 2;

    private const int ExactClasses = 8;

    public static readonly int Count = Of(MaxUnits) + 1;

    /// <summary>The class that holds <paramref name="units"/> units, counted from 0.</summary>
    public static int Of(int units)
    {
        if (units <= ExactClasses)
            return units - 1;
        var power = BitOperations.Log2((uint)(units - 1));
        return ExactClasses + (power - 3) * 4 + ((units - 1) >> (power - 2)) - 4;
    }

    /// <summary><paramref name="units"/> rounded up to the size of its class.</summary>
    public static int RoundUp(int units)
    {
        if (units <= ExactClasses)
            return units;
        var shift = BitOperations.Log2((uint)(units - 1)) - 2;
        return (((units - 1) >> shift) + 1) << shift;
    }
}
