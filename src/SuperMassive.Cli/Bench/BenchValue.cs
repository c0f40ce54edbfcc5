using System.Buffers.Binary;

namespace SuperMassive.Cli.Bench;

/// <summary>
/// Values that say which write they are of, and cannot be mistaken for a value of another key: 8 bytes with the number of the
/// run and the key's write, then bytes that follow from these and the key. Every byte has its highest bit set, so that no value
/// holds a line break.
/// </summary>
internal static class BenchValue
{
    public const int MinBytes = 2 * HeadBytes;

    /// <summary>Exclusive; 24 of the 56 bits that 8 bytes hold.</summary>
    public const int RunLimit = 1 << 24;

    private const int HeadBytes = sizeof(ulong);
    private const ulong HighBits = 0x8080_8080_8080_8080;

    /// <param name="value">Its length is the value's, <see cref="MinBytes"/> at least.</param>
    /// <param name="run">Tells the runs on one database apart; below <see cref="RunLimit"/>.</param>
    /// <param name="write">The key's write, counted from 1.</param>
    public static void Fill(Span<byte> value, int key, int run, int write)
    {
        var head = ((ulong)run << 32) | (uint)write;
        var spread = HighBits;
        for (var i = 0; i < HeadBytes; i++)
            spread |= ((head >> (7 * i)) & 0x7F) << (8 * i);
        BinaryPrimitives.WriteUInt64LittleEndian(value, spread);
        var rest = value[HeadBytes..];
        var state = SeedOf(key, head);
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
            BinaryPrimitives.WriteUInt64LittleEndian(rest, Next(ref state));
        for (var last = Next(ref state); rest.Length > 0; rest = rest[1..], last >>= 8)
            rest[0] = (byte)last;
    }

    /// <returns>Whether it is whole and was written for this key, by whatever run.</returns>
    public static bool TryRead(ReadOnlySpan<byte> value, int key, out int run, out int write)
    {
        run = write = 0;
        if (value.Length < MinBytes)
            return false;
        var spread = BinaryPrimitives.ReadUInt64LittleEndian(value);
        if ((spread & HighBits) != HighBits)
            return false;
        var head = 0ul;
        for (var i = 0; i < HeadBytes; i++)
            head |= ((spread >> (8 * i)) & 0x7F) << (7 * i);
        run = (int)(head >> 32);
        write = (int)head;
        return Follows(value[HeadBytes..], SeedOf(key, head));
    }

    private static bool Follows(ReadOnlySpan<byte> rest, ulong state)
    {
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
        {
            if (BinaryPrimitives.ReadUInt64LittleEndian(rest) != Next(ref state))
                return false;
        }
        for (var last = Next(ref state); rest.Length > 0; rest = rest[1..], last >>= 8)
        {
            if (rest[0] != (byte)last)
                return false;
        }
        return true;
    }

    private static ulong SeedOf(int key, ulong head) => ((ulong)(uint)key * 0x9E37_79B9_7F4A_7C15) ^ (head * 0xC2B2_AE3D_27D4_EB4F);

    private static ulong Next(ref ulong state) => SplitMix.Next(ref state) | HighBits;
}
