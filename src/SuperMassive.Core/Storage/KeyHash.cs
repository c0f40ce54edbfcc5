using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;

namespace SuperMassive.Core.Storage;

/// <summary>
/// The one hash of a key. Seeded, so that a client cannot prepare keys that collide; the seed is derived from the shared
/// key, so that every process of a cluster orders its keys alike.
/// </summary>
public static class KeyHash
{
    public static ulong Of(ReadOnlySpan<byte> key, long seed) => XxHash3.HashToUInt64(key, seed);

    /// <summary>The seed that all processes with this shared key use.</summary>
    public static long SeedFrom(ReadOnlySpan<byte> sharedKey)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(sharedKey, "supermassive key hash"u8, mac);
        return BinaryPrimitives.ReadInt64LittleEndian(mac);
    }
}
