using System.Buffers.Binary;

namespace SuperMassive.Core.Protocol;

/// <summary>Decimal digits to numbers. Every version and every LSN comes in this way, so eight digits are read at a time.</summary>
/// <remarks>Lemire, "Quickly parsing eight digits", 2018: neighbours are joined in three multiplications.</remarks>
internal static class Digits
{
    private const int MaxDigits = 20;
    private const int BlockDigits = 8;
    private const ulong BlockFactor = 100_000_000;

    /// <summary>A number within 64 bits in its one canonical spelling: digits without a leading zero.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > MaxDigits || (text[0] == '0' && text.Length > 1))
            return false;
        var sum = 0UL;
        for (; text.Length >= BlockDigits; text = text[BlockDigits..])
        {
            if (!TryParseBlock(text, out var block))
                return false;
            sum = sum * BlockFactor + block;
        }
        foreach (var character in text)
        {
            var digit = (uint)(character - '0');
            if (digit > 9 || (sum >= ulong.MaxValue / 10 && (sum > ulong.MaxValue / 10 || digit > ulong.MaxValue % 10)))
                return false;
            sum = sum * 10 + digit;
        }
        value = sum;
        return true;
    }

    private static bool TryParseBlock(ReadOnlySpan<byte> text, out ulong value)
    {
        var digits = BinaryPrimitives.ReadUInt64LittleEndian(text);
        // in each byte: the upper half is 3, and stays so when 6 is added, which 10 and more would carry into it
        if (((digits & 0xF0F0_F0F0_F0F0_F0F0) | (((digits + 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0) >> 4)) != 0x3333_3333_3333_3333)
        {
            value = 0;
            return false;
        }
        var pairs = ((digits & 0x0F0F_0F0F_0F0F_0F0F) * (1 + (10 << 8))) >> 8;
        var fours = ((pairs & 0x00FF_00FF_00FF_00FF) * (1 + (100 << 16))) >> 16;
        value = ((fours & 0x0000_FFFF_0000_FFFF) * (1 + (10_000UL << 32))) >> 32;
        return true;
    }
}
