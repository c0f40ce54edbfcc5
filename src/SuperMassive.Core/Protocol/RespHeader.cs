namespace SuperMassive.Core.Protocol;

/// <summary>What reading a part of a RESP message came to.</summary>
public enum RespStatus : byte
{
    Ok,

    /// <summary>Right so far, but cut off.</summary>
    Incomplete,

    /// <summary>No continuation makes it right.</summary>
    Malformed,
}

/// <summary>The length in an array's or a bulk string's first line.</summary>
internal static class RespHeader
{
    /// <summary>Ten digits name more than any limit allows; an endless row of digits is refused there.</summary>
    private const int MaxDigits = 10;

    /// <summary>
    /// Reads a length and its CRLF. Canonical decimals only: no sign, no leading zero.
    /// </summary>
    /// <param name="position">Behind the type byte; moved behind the CRLF when the status is Ok.</param>
    public static RespStatus Read(ReadOnlySpan<byte> input, ref int position, out long length)
    {
        length = 0;
        for (var at = position; at < input.Length; at++)
        {
            var digit = (uint)(input[at] - '0');
            if (digit > 9)
            {
                if (input[at] != '\r' || at == position)
                    return RespStatus.Malformed;
                if (at + 1 == input.Length)
                    return RespStatus.Incomplete;
                if (input[at + 1] != '\n')
                    return RespStatus.Malformed;
                position = at + 2;
                return RespStatus.Ok;
            }
            if (at - position == MaxDigits || (length == 0 && at > position))
                return RespStatus.Malformed;
            length = (length * 10) + digit;
        }
        return RespStatus.Incomplete;
    }
}
