namespace SuperMassive.Core.Storage;

/// <summary>An exact decimal number: unscaled / 10^scale, without trailing zeros in its decimals.</summary>
/// <param name="HasPoint">Whether it was written with a decimal point, and so is not bound to 64 bits.</param>
internal readonly record struct CounterNumber(Int128 Unscaled, int Scale, bool HasPoint)
{
    /// <summary>The bounds of <see cref="decimal"/>; held here in 128 bits because decimal's own addition rounds silently.</summary>
    private const int MaxScale = 28;

    private static readonly Int128 MaxUnscaled = (Int128.One << 96) - 1;

    /// <param name="fits">Whether it can be held; when not, <paramref name="number"/> is meaningless.</param>
    /// <returns>Whether the text is a number at all.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out CounterNumber number, out bool fits)
    {
        number = default;
        fits = false;
        var negative = text is [(byte)'-', ..];
        var digits = negative ? text[1..] : text;
        var point = digits.IndexOf((byte)'.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? [] : digits[(point + 1)..];
        if (!IsDigits(whole) || (point >= 0 && !IsDigits(fraction)))
            return false;

        fraction = fraction.TrimEnd((byte)'0');
        var unscaled = Int128.Zero;
        fits = fraction.Length <= MaxScale && TryAppend(whole.TrimStart((byte)'0'), ref unscaled) && TryAppend(fraction, ref unscaled);
        number = new CounterNumber(negative ? -unscaled : unscaled, fraction.Length, point >= 0);
        return true;
    }

    /// <summary>The exact sum, or difference; none when it cannot be held.</summary>
    public CounterNumber? TryAdd(CounterNumber other, bool subtract)
    {
        var scale = Math.Max(Scale, other.Scale);
        if (!TryRescale(scale, out var left) || !other.TryRescale(scale, out var right))
            return null;
        var sum = subtract ? left - right : left + right;
        if (!HasPoint && !other.HasPoint)
            return FitsInteger(left) && FitsInteger(right) && FitsInteger(sum) ? new CounterNumber(sum, 0, false) : null;
        for (; scale > 0 && sum % 10 == 0; scale--)
            sum /= 10;
        return Int128.Abs(sum) <= MaxUnscaled ? new CounterNumber(sum, scale, true) : null;
    }

    /// <returns>The bytes written.</returns>
    public int Format(Span<byte> destination)
    {
        Span<byte> reversed = stackalloc byte[Counter.MaxBytes];
        var rest = (UInt128)Int128.Abs(Unscaled);
        var length = 0;
        for (var digit = 0; digit <= Scale || rest != 0; digit++)
        {
            if (digit == Scale && Scale > 0)
                reversed[length++] = (byte)'.';
            (rest, var remainder) = UInt128.DivRem(rest, 10);
            reversed[length++] = (byte)('0' + (int)remainder);
        }
        if (Unscaled < 0)
            reversed[length++] = (byte)'-';
        reversed[..length].Reverse();
        reversed[..length].CopyTo(destination);
        return length;
    }

    private static bool FitsInteger(Int128 number) => number >= long.MinValue && number <= long.MaxValue;

    private static bool IsDigits(ReadOnlySpan<byte> text) => text.Length > 0 && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static bool TryAppend(ReadOnlySpan<byte> digits, ref Int128 number)
    {
        foreach (var digit in digits)
        {
            number = number * 10 + (digit - '0');
            if (number > MaxUnscaled)
                return false;
        }
        return true;
    }

    /// <summary>
    /// Brings the number to more decimals. It fails beyond 2^120: the other number, which has that many decimals and is below
    /// 2^96, could not bring the sum back, nor could trimming, because the last of its decimals is not zero.
    /// </summary>
    private bool TryRescale(int scale, out Int128 rescaled)
    {
        rescaled = Unscaled;
        for (var step = Scale; step < scale; step++)
        {
            rescaled *= 10;
            if (Int128.Abs(rescaled) > Int128.One << 120)
                return false;
        }
        return true;
    }
}
