using System.Buffers.Binary;
using System.Numerics;

namespace SuperMassive.Server.Journal;

/// <summary>CRC-32C (Castagnoli) of a few bytes.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var running = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            running = BitOperations.Crc32C(running, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes)
            running = BitOperations.Crc32C(running, b);
        return ~running;
    }
}
