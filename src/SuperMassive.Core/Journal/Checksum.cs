using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SuperMassive.Core.Journal;

/// <summary>CRC-32C (Castagnoli), as processors compute it: 8 bytes an instruction, and free to start from any seed.</summary>
internal static class Checksum
{
    public const uint Start = uint.MaxValue;

    /// <summary>Continues a running checksum; <see cref="Finish"/> makes the stored value of it.</summary>
    public static uint Add(uint running, ReadOnlySpan<byte> bytes)
    {
        ref var at = ref MemoryMarshal.GetReference(bytes);
        nint offset = 0;
        nint length = bytes.Length;
        for (; length - offset >= sizeof(ulong); offset += sizeof(ulong))
        {
            var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, offset));
            running = BitOperations.Crc32C(running, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }
        for (; offset < length; offset++)
            running = BitOperations.Crc32C(running, Unsafe.Add(ref at, offset));
        return running;
    }

    public static uint Finish(uint running) => ~running;
}
