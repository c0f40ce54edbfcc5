namespace SuperMassive.Core.Storage;

/// <summary>How an addition went.</summary>
public enum CounterResult
{
    Ok,

    /// <summary>One of the two is not an optional minus, digits, and optionally a point with digits.</summary>
    NotANumber,

    /// <summary>One of the two or the sum cannot be held without losing a digit.</summary>
    OutOfRange,
}

/// <summary>
/// The arithmetic of INCR and DECR. Two integers are added as signed 64-bit ones; when either has a decimal point, exactly,
/// within what <see cref="decimal"/> holds: 96 bits and up to 28 decimals.
/// </summary>
public static class Counter
{
    /// <summary>No sum is written with more bytes: minus, 29 digits, point.</summary>
    public const int MaxBytes = 32;

    /// <param name="destination">At least <see cref="MaxBytes"/> long. May not overlap the operands.</param>
    /// <param name="written">How long the sum (or difference) is there; 0 unless the result is Ok.</param>
    public static CounterResult Add(
        ReadOnlySpan<byte> value, ReadOnlySpan<byte> delta, bool subtract, Span<byte> destination, out int written)
    {
        written = 0;
        if (!CounterNumber.TryParse(value, out var left, out var leftFits)
            || !CounterNumber.TryParse(delta, out var right, out var rightFits))
            return CounterResult.NotANumber;
        if (!leftFits || !rightFits)
            return CounterResult.OutOfRange;
        var sum = left.TryAdd(right, subtract);
        if (sum is null)
            return CounterResult.OutOfRange;
        written = sum.Value.Format(destination);
        return CounterResult.Ok;
    }

    /// <summary>Whether the text is written as a number, however large.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> text) => CounterNumber.TryParse(text, out _, out _);
}
