using System.IO.Hashing;
using System.Numerics;

namespace SuperMassive.Core.Storage;

/// <summary>One entry as 128 bits: equal for equal entries, and for different ones only by an accident of 1 in 2¹²⁸ or 2⁶⁴.</summary>
public static class EntryDigest
{
    /// <summary>Tells a deletion from an empty value of the same version.</summary>
    private const ulong TombstoneMark = 0xD6E8_FEB8_6659_FD93;

    /// <summary>2⁶⁴ / φ, odd: for one key no two versions give the same seed.</summary>
    private const ulong VersionFactor = 0x9E37_79B9_7F4A_7C15;

    /// <param name="keyHash">The table's hash of the entry's key. It and the version seed the hash of the value.</param>
    public static UInt128 Of(ulong keyHash, in Entry entry)
    {
        var seed = keyHash ^ BitOperations.RotateLeft(entry.Version.Value * VersionFactor, 32);
        if (entry.IsTombstone)
            seed ^= TombstoneMark;
        return XxHash128.HashToUInt128(entry.Value, (long)seed);
    }
}
