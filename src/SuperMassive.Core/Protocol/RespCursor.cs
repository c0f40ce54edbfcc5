namespace SuperMassive.Core.Protocol;

/// <summary>
/// Reads RESP element by element, in the order in which the caller expects them. The first thing that is cut off or not
/// as expected settles <see cref="Status"/>, and every later call returns false: check it once, at the end.
/// </summary>
/// <param name="input">Begins at an element.</param>
/// <param name="maxBulkBytes">A longer bulk string is malformed, as soon as its length is known.</param>
public ref struct RespCursor(ReadOnlySpan<byte> input, int maxBulkBytes)
{
    /// <summary>The most elements that an array may announce.</summary>
    public const int MaxElements = 1 << 20;

    /// <summary>The longest simple string or error.</summary>
    public const int MaxLineBytes = 64 << 10;

    private readonly ReadOnlySpan<byte> _input = input;
    private int _position;

    public RespStatus Status { get; private set; }

    /// <summary>Bytes read so far; of use once the whole message was.</summary>
    public readonly int Consumed => _position;

    /// <summary>The next element's first byte (<c>* $ : + -</c>), or NUL when there is none to look at.</summary>
    public readonly char PeekType() => Status == RespStatus.Ok && _position < _input.Length ? (char)_input[_position] : '\0';

    /// <summary>An array's element count, zero included.</summary>
    public bool TryArray(out int count)
    {
        count = 0;
        if (!TryHeader('*', out var length))
            return false;
        if (length > MaxElements)
            return Fail(RespStatus.Malformed);
        count = (int)length;
        return true;
    }

    /// <summary>A bulk string, or null in its place.</summary>
    public bool TryBulk(out ReadOnlySpan<byte> bytes, out bool isNull)
    {
        bytes = default;
        isNull = false;
        var start = _position;
        if (PeekType() == '$' && _position + 1 < _input.Length && _input[_position + 1] == '-')
            return isNull = TryNull();
        if (!TryHeader('$', out var length))
            return false;
        if (length > maxBulkBytes)
            return Fail(RespStatus.Malformed, start);
        if (_input.Length - _position < length + 2)
            return Fail(RespStatus.Incomplete, start);
        var end = _position + (int)length;
        if (!_input.Slice(end, 2).SequenceEqual("\r\n"u8))
            return Fail(RespStatus.Malformed, start);
        bytes = _input[_position..end];
        _position = end + 2;
        return true;
    }

    /// <summary>A signed integer (<c>:n</c>).</summary>
    public bool TryInteger(out long value)
    {
        value = 0;
        var start = _position;
        return TryNumber(out var text) && (TryParse(text, out value) || Fail(RespStatus.Malformed, start));
    }

    /// <summary>An integer from 0 to 2⁶⁴ − 1 (<c>:n</c>).</summary>
    public bool TryUnsigned(out ulong value)
    {
        value = 0;
        var start = _position;
        return TryNumber(out var text) && (TryParse(text, out value) || Fail(RespStatus.Malformed, start));
    }

    /// <summary>The text of a simple string (<c>+</c>), an error (<c>-</c>) or an integer (<c>:</c>).</summary>
    public bool TryLine(char type, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!Expect(type))
            return false;
        var rest = _input[(_position + 1)..];
        var searched = rest[..Math.Min(rest.Length, MaxLineBytes + 1)];
        var end = searched.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0)
            return Fail(searched.Length > MaxLineBytes ? RespStatus.Malformed : RespStatus.Incomplete);
        if (rest[end] == '\n')
            return Fail(RespStatus.Malformed);
        if (end + 1 == rest.Length)
            return Fail(RespStatus.Incomplete);
        if (rest[end + 1] != '\n')
            return Fail(RespStatus.Malformed);
        text = rest[..end];
        _position += end + 3;
        return true;
    }

    /// <summary>A decimal in its one canonical spelling: digits without a leading zero, '-' the only sign, within 64 bits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> decimalText, out long value)
    {
        value = 0;
        var isNegative = decimalText.StartsWith("-"u8);
        if (!TryParse(isNegative ? decimalText[1..] : decimalText, out ulong magnitude))
            return false;
        if (magnitude > (isNegative ? 1UL << 63 : long.MaxValue) || (isNegative && magnitude == 0))
            return false;
        value = isNegative ? unchecked(-(long)magnitude) : (long)magnitude;
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out long)"/>
    public static bool TryParse(ReadOnlySpan<byte> decimalText, out ulong value) => Digits.TryParse(decimalText, out value);

    /// <summary>The text of an integer. Nearly all are found whole within their longest spelling; the rest is read as any line.</summary>
    private bool TryNumber(out ReadOnlySpan<byte> text)
    {
        const int maxBytes = 20;
        text = default;
        if (!Expect(':'))
            return false;
        var rest = _input[(_position + 1)..];
        var end = rest[..Math.Min(rest.Length, maxBytes + 1)].IndexOf((byte)'\r');
        if (end < 0 || end + 1 >= rest.Length || rest[end + 1] != '\n')
            return TryLine(':', out text);
        text = rest[..end];
        _position += end + 3;
        return true;
    }

    private bool TryHeader(char type, out long length)
    {
        length = 0;
        if (!Expect(type))
            return false;
        var at = _position + 1;
        var status = RespHeader.Read(_input, ref at, out length);
        if (status != RespStatus.Ok)
            return Fail(status);
        _position = at;
        return true;
    }

    private bool TryNull()
    {
        var rest = _input[_position..];
        var expected = "$-1\r\n"u8;
        var common = Math.Min(rest.Length, expected.Length);
        if (!rest[..common].SequenceEqual(expected[..common]))
            return Fail(RespStatus.Malformed);
        if (common < expected.Length)
            return Fail(RespStatus.Incomplete);
        _position += expected.Length;
        return true;
    }

    private bool Expect(char type)
    {
        if (Status != RespStatus.Ok)
            return false;
        if (_position == _input.Length)
            return Fail(RespStatus.Incomplete);
        return _input[_position] == type || Fail(RespStatus.Malformed);
    }

    private bool Fail(RespStatus status) => Fail(status, _position);

    private bool Fail(RespStatus status, int position)
    {
        Status = status;
        _position = position;
        return false;
    }
}
