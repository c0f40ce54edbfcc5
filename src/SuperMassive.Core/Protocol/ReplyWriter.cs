using System.Buffers;
using System.Text;

namespace SuperMassive.Core.Protocol;

/// <summary>Writes the replies that clients see, in the framing of the command they answer.</summary>
public static class ReplyWriter
{
    private static readonly SearchValues<byte> LineBreaks = SearchValues.Create("\r\n"u8);

    /// <summary><c>OK text</c>, in RESP a simple string of the same.</summary>
    public static void Ok(OutputBuffer o, Framing f, ReadOnlySpan<byte> text) => Sentence(o, f == Framing.Resp ? "+OK "u8 : "OK "u8, text);

    /// <inheritdoc cref="Ok(OutputBuffer, Framing, ReadOnlySpan{byte})"/>
    public static void Ok(OutputBuffer o, Framing f, string text) => Sentence(o, f == Framing.Resp ? "+OK "u8 : "OK "u8, text);

    /// <summary>The answer to PUT.</summary>
    public static void Written(OutputBuffer o, Framing f) =>
        o.Write(f == Framing.Resp ? "+OK key-value written\r\n"u8 : "OK key-value written\r\n"u8);

    /// <summary><c>OK</c> and no more: Redis clients compare the answer to SET with exactly that.</summary>
    public static void OkBare(OutputBuffer o, Framing f) => o.Write(f == Framing.Resp ? "+OK\r\n"u8 : "OK\r\n"u8);

    /// <summary><c>ERR message</c>, in RESP an error of the same. CR and LF in the message become spaces.</summary>
    public static void Error(OutputBuffer o, Framing f, ReadOnlySpan<byte> message) =>
        Sentence(o, f == Framing.Resp ? "-ERR "u8 : "ERR "u8, message);

    /// <inheritdoc cref="Error(OutputBuffer, Framing, ReadOnlySpan{byte})"/>
    public static void Error(OutputBuffer o, Framing f, string message) => Sentence(o, f == Framing.Resp ? "-ERR "u8 : "ERR "u8, message);

    /// <summary>The answer to GET: <c>key value</c>, in RESP the value as a bulk string.</summary>
    /// <remarks>What holds CR or LF cannot be told from the end of a line, so it is refused there.</remarks>
    public static void KeyValue(OutputBuffer o, Framing f, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (f == Framing.Resp)
            RespWriter.Bulk(o, value);
        else
            LinePair(o, key, value);
    }

    /// <summary>No such key: an error by line, a null bulk string in RESP.</summary>
    public static void Missing(OutputBuffer o, Framing f) =>
        o.Write(f == Framing.Resp ? "$-1\r\n"u8 : "ERR key-value not found\r\n"u8);

    /// <summary>The answer to DEL; in RESP how many keys are gone.</summary>
    public static void Deleted(OutputBuffer o, Framing f, bool wasThere)
    {
        if (f == Framing.Resp)
            o.Write(wasThere ? ":1\r\n"u8 : ":0\r\n"u8);
        else
            o.Write(wasThere ? "OK key-value deleted\r\n"u8 : "ERR key-value not found\r\n"u8);
    }

    /// <summary>The answer to INCR and DECR: <c>key number</c>; in RESP an integer, or a bulk string when it is a decimal.</summary>
    /// <remarks>The number counts and stands already: a key with CR or LF is echoed with spaces rather than refused.</remarks>
    public static void Counter(OutputBuffer o, Framing f, ReadOnlySpan<byte> key, ReadOnlySpan<byte> number)
    {
        if (f == Framing.Line)
        {
            Sanitised(o, key);
            o.Write(" "u8);
            Sentence(o, default, number);
        }
        else if (RespCursor.TryParse(number, out long _))
        {
            Sentence(o, ":"u8, number);
        }
        else
        {
            RespWriter.Bulk(o, number);
        }
    }

    /// <summary>Begins the answer to REGX: <paramref name="count"/> pairs follow, in RESP as one flat array of keys and values.</summary>
    public static void PairsBegin(OutputBuffer o, Framing f, int count)
    {
        if (f == Framing.Resp)
            RespWriter.Array(o, count * 2);
        else if (count == 0)
            o.Write("OK\r\n"u8);
    }

    /// <summary>One pair. By line <c>OK</c> stands before the first, and an <c>ERR</c> line in place of one that holds CR or LF.</summary>
    public static void Pair(OutputBuffer o, Framing f, bool isFirst, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (f == Framing.Resp)
        {
            RespWriter.Bulk(o, key);
            RespWriter.Bulk(o, value);
            return;
        }
        if (isFirst)
            o.Write("OK "u8);
        LinePair(o, key, value);
    }

    /// <summary>Ends the answer to REGX: by line with an empty line.</summary>
    public static void PairsEnd(OutputBuffer o, Framing f)
    {
        if (f == Framing.Line)
            o.Write("\r\n"u8);
    }

    /// <summary>The answer to STAT: by line between <c>OK</c> and an empty line, in RESP one bulk string.</summary>
    /// <param name="body">Lines ended by CRLF, none of them empty.</param>
    public static void Body(OutputBuffer o, Framing f, ReadOnlySpan<byte> body)
    {
        if (f == Framing.Resp)
        {
            RespWriter.Bulk(o, body);
            return;
        }
        o.Write("OK\r\n"u8);
        o.Write(body);
        if (!body.IsEmpty && !body.EndsWith("\r\n"u8))
            o.Write("\r\n"u8);
        o.Write("\r\n"u8);
    }

    /// <summary>Whether bytes can stand in a line: they hold neither CR nor LF.</summary>
    public static bool FitsLine(ReadOnlySpan<byte> bytes) => !bytes.ContainsAny(LineBreaks);

    private static void LinePair(OutputBuffer o, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (!FitsLine(key) || !FitsLine(value))
        {
            o.Write("ERR value holds a line break: read it by RESP\r\n"u8);
            return;
        }
        var line = o.GetSpan(key.Length + value.Length + 3);
        key.CopyTo(line);
        line[key.Length] = (byte)' ';
        value.CopyTo(line[(key.Length + 1)..]);
        "\r\n"u8.CopyTo(line[(key.Length + 1 + value.Length)..]);
        o.Advance(key.Length + value.Length + 3);
    }

    internal static void Sentence(OutputBuffer o, ReadOnlySpan<byte> start, ReadOnlySpan<byte> text)
    {
        o.Write(start);
        Sanitised(o, text);
        o.Write("\r\n"u8);
    }

    internal static void Sentence(OutputBuffer o, ReadOnlySpan<byte> start, string text)
    {
        o.Write(start);
        var line = o.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        var lengthBytes = Encoding.UTF8.GetBytes(text, line);
        Sanitise(line[..lengthBytes]);
        o.Advance(lengthBytes);
        o.Write("\r\n"u8);
    }

    private static void Sanitised(OutputBuffer o, ReadOnlySpan<byte> text)
    {
        var line = o.GetSpan(text.Length);
        text.CopyTo(line);
        Sanitise(line[..text.Length]);
        o.Advance(text.Length);
    }

    private static void Sanitise(Span<byte> text)
    {
        for (var at = text.IndexOfAny(LineBreaks); at >= 0; at = text.IndexOfAny(LineBreaks))
            text[at] = (byte)' ';
    }
}
