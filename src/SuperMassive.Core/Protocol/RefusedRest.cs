namespace SuperMassive.Core.Protocol;

/// <summary>What is still to come of a command that was refused before it had arrived, to be passed over and not kept.</summary>
internal struct RefusedRest
{
    private Kind _kind;
    private int _elementsLeft;
    private long _bulkBytesLeft;
    private bool _isInBulk;

    private enum Kind : byte
    {
        Nothing,
        Line,
        Array,
        Endless,
    }

    /// <summary>Whether nothing is left, so that a command begins here.</summary>
    public readonly bool IsPassed => _kind == Kind.Nothing;

    /// <summary>The rest of a line, up to its CRLF.</summary>
    public void BeginLine() => _kind = Kind.Line;

    /// <summary>The rest of an array.</summary>
    /// <param name="elementsLeft">Elements whose headers are still to come.</param>
    /// <param name="bulkBytes">Length of the bulk string whose header was read last, its bytes still to come; −1: none.</param>
    public void BeginArray(int elementsLeft, long bulkBytes)
    {
        _isInBulk = bulkBytes >= 0;
        _bulkBytesLeft = Math.Max(bulkBytes, 0);
        _elementsLeft = elementsLeft;
        _kind = _isInBulk || elementsLeft > 0 ? Kind.Array : Kind.Nothing;
    }

    /// <summary>Everything from here on: framing is lost.</summary>
    public void BeginEndless() => _kind = Kind.Endless;

    /// <summary>Passes over what has arrived of it.</summary>
    /// <param name="passedBytes">How much of the input that was.</param>
    /// <returns>Ok at its end.</returns>
    public RespStatus PassOver(ReadOnlySpan<byte> input, out int passedBytes)
    {
        passedBytes = 0;
        var status = _kind switch
        {
            Kind.Line => PassLine(input, ref passedBytes),
            Kind.Array => PassArray(input, ref passedBytes),
            Kind.Endless => RespStatus.Malformed,
            _ => RespStatus.Ok,
        };
        if (status == RespStatus.Ok)
            _kind = Kind.Nothing;
        return status;
    }

    private static RespStatus PassLine(ReadOnlySpan<byte> input, ref int at)
    {
        var end = input.IndexOf("\r\n"u8);
        if (end >= 0)
        {
            at = end + 2;
            return RespStatus.Ok;
        }
        // a last CR may yet turn out to be the end
        at = input.EndsWith("\r"u8) ? input.Length - 1 : input.Length;
        return RespStatus.Incomplete;
    }

    private RespStatus PassArray(ReadOnlySpan<byte> input, ref int at)
    {
        while (true)
        {
            if (_isInBulk)
            {
                var passed = (int)Math.Min(_bulkBytesLeft, input.Length - at);
                at += passed;
                _bulkBytesLeft -= passed;
                if (_bulkBytesLeft > 0 || input.Length - at < 2)
                    return RespStatus.Incomplete;
                if (!input.Slice(at, 2).SequenceEqual("\r\n"u8))
                    return RespStatus.Malformed;
                at += 2;
                _isInBulk = false;
            }
            if (_elementsLeft == 0)
                return RespStatus.Ok;
            if (at == input.Length)
                return RespStatus.Incomplete;
            if (input[at] != '$')
                return RespStatus.Malformed;
            var header = at + 1;
            var status = RespHeader.Read(input, ref header, out _bulkBytesLeft);
            if (status != RespStatus.Ok)
                return status;
            at = header;
            _elementsLeft--;
            _isInBulk = true;
        }
    }
}
