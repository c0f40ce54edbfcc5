using System.Buffers.Text;

namespace SuperMassive.Core.Protocol;

/// <summary>Writes RESP element by element: requests and structured replies on the links between processes.</summary>
public static class RespWriter
{
    /// <summary>A type byte, the digits and sign of any 64-bit number, CRLF.</summary>
    private const int MaxHeaderBytes = 1 + 20 + 2;

    /// <summary>Begins an array; its <paramref name="count"/> elements follow.</summary>
    public static void Array(OutputBuffer o, int count) => Header(o, (byte)'*', count);

    public static void Bulk(OutputBuffer o, ReadOnlySpan<byte> bytes)
    {
        var span = o.GetSpan(MaxHeaderBytes + bytes.Length + 2);
        var at = FormatHeader(span, (byte)'$', bytes.Length);
        bytes.CopyTo(span[at..]);
        at += bytes.Length;
        span[at] = (byte)'\r';
        span[at + 1] = (byte)'\n';
        o.Advance(at + 2);
    }

    /// <summary>A number as decimal text.</summary>
    public static void Bulk(OutputBuffer o, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var count);
        Bulk(o, digits[..count]);
    }

    /// <inheritdoc cref="Bulk(OutputBuffer, long)"/>
    public static void Bulk(OutputBuffer o, ulong value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var count);
        Bulk(o, digits[..count]);
    }

    /// <summary>A bulk string that is not there.</summary>
    public static void Null(OutputBuffer o) => o.Write("$-1\r\n"u8);

    public static void Integer(OutputBuffer o, long value) => Header(o, (byte)':', value);

    public static void Integer(OutputBuffer o, ulong value)
    {
        var span = o.GetSpan(MaxHeaderBytes);
        span[0] = (byte)':';
        Utf8Formatter.TryFormat(value, span[1..], out var count);
        span[count + 1] = (byte)'\r';
        span[count + 2] = (byte)'\n';
        o.Advance(count + 3);
    }

    /// <summary>A simple string; CR and LF become spaces.</summary>
    public static void Simple(OutputBuffer o, ReadOnlySpan<byte> text) => ReplyWriter.Sentence(o, "+"u8, text);

    /// <inheritdoc cref="Simple(OutputBuffer, ReadOnlySpan{byte})"/>
    public static void Simple(OutputBuffer o, string text) => ReplyWriter.Sentence(o, "+"u8, text);

    /// <summary>An error, <c>ERR</c> and all being the caller's; CR and LF become spaces.</summary>
    public static void Error(OutputBuffer o, ReadOnlySpan<byte> text) => ReplyWriter.Sentence(o, "-"u8, text);

    /// <inheritdoc cref="Error(OutputBuffer, ReadOnlySpan{byte})"/>
    public static void Error(OutputBuffer o, string text) => ReplyWriter.Sentence(o, "-"u8, text);

    private static void Header(OutputBuffer o, byte type, long value) => o.Advance(FormatHeader(o.GetSpan(MaxHeaderBytes), type, value));

    private static int FormatHeader(Span<byte> span, byte type, long value)
    {
        span[0] = type;
        var count = 1;
        if ((ulong)value < 10)
            span[1] = (byte)('0' + value);
        else
            Utf8Formatter.TryFormat(value, span[1..], out count);
        span[count + 1] = (byte)'\r';
        span[count + 2] = (byte)'\n';
        return count + 3;
    }
}
