using System.IO.Hashing;

namespace SuperMassive.Core.Storage;

/// <summary>
/// The one hash of a key. Seeded, so that a client cannot prepare keys that collide; the seed is derived from the shared
/// key, so that every process of a cluster orders its keys alike.
/// </summary>
public static class KeyHash
{
    public static ulong Of(ReadOnlySpan<byte> key, long seed) => XxHash3.HashToUInt64(key, seed);
}
