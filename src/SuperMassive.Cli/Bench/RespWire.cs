using System.Buffers.Text;
using System.Text;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Cli.Bench;

/// <summary>The framing of Redis clients (RESP 2), with the commands that all of its servers have.</summary>
internal sealed class RespWire : Wire
{
    /// <summary>A type, the digits of a 64-bit number, and CR LF.</summary>
    private const int MaxHeadBytes = 32;

    public override void WriteAuth(OutputBuffer output, string username, string password)
    {
        output.Write("*3\r\n$4\r\nAUTH\r\n"u8);
        WriteBulk(output, Encoding.UTF8.GetBytes(username));
        WriteBulk(output, Encoding.UTF8.GetBytes(password));
    }

    public override void WriteGet(OutputBuffer output, ReadOnlySpan<byte> key)
    {
        output.Write("*2\r\n$3\r\nGET\r\n"u8);
        WriteBulk(output, key);
    }

    public override Span<byte> WritePut(OutputBuffer output, ReadOnlySpan<byte> key, int valueBytes)
    {
        output.Write("*3\r\n$3\r\nSET\r\n"u8);
        WriteBulk(output, key);
        return WriteBulk(output, valueBytes);
    }

    public override void WriteDelete(OutputBuffer output, ReadOnlySpan<byte> key)
    {
        output.Write("*2\r\n$3\r\nDEL\r\n"u8);
        WriteBulk(output, key);
    }

    public override void WriteIncrement(OutputBuffer output, ReadOnlySpan<byte> key)
    {
        output.Write("*2\r\n$4\r\nINCR\r\n"u8);
        WriteBulk(output, key);
    }

    public override int Read(ReadOnlySpan<byte> bytes, BenchCommandKind command, ReadOnlySpan<byte> key, out WireReply reply)
    {
        reply = default;
        if (bytes.IsEmpty)
            return 0;
        var headBytes = bytes.IndexOf("\r\n"u8);
        switch (bytes[0])
        {
            case (byte)'+' or (byte)'-' when headBytes < 0:
                return 0;
            case (byte)'-':
                reply = new WireReply(ReplyKind.Error, bytes[1..headBytes]);
                return headBytes + 2;
            case (byte)'+':
                var isDone = command is BenchCommandKind.Auth or BenchCommandKind.Put;
                reply = new WireReply(isDone ? ReplyKind.Done : ReplyKind.Unexpected, bytes[..headBytes]);
                return headBytes + 2;
            case (byte)':' or (byte)'$' when headBytes < 0:
                return bytes.Length > MaxHeadBytes ? Lost : 0;
            case (byte)':' or (byte)'$'
                when !Utf8Parser.TryParse(bytes[1..headBytes], out long _, out var consumed) || consumed != headBytes - 1:
                return Lost;
            case (byte)':':
                reply = UnderstandInteger(bytes[..headBytes], command);
                return headBytes + 2;
            case (byte)'$':
                return ReadBulk(bytes, headBytes, command, out reply);
            default:
                return Lost;
        }
    }

    private static WireReply UnderstandInteger(ReadOnlySpan<byte> head, BenchCommandKind command)
    {
        _ = Utf8Parser.TryParse(head[1..], out long number, out _);
        return command switch
        {
            BenchCommandKind.Increment => new WireReply(ReplyKind.Number, head, number),
            BenchCommandKind.Delete when number is 0 or 1 => new WireReply(number == 1 ? ReplyKind.Done : ReplyKind.Missing, head),
            _ => new WireReply(ReplyKind.Unexpected, head),
        };
    }

    private static int ReadBulk(ReadOnlySpan<byte> bytes, int headBytes, BenchCommandKind command, out WireReply reply)
    {
        reply = default;
        _ = Utf8Parser.TryParse(bytes[1..headBytes], out long valueBytes, out _);
        if (valueBytes == -1)
        {
            reply = new WireReply(command == BenchCommandKind.Get ? ReplyKind.Missing : ReplyKind.Unexpected, bytes[..headBytes]);
            return headBytes + 2;
        }
        if (valueBytes is < 0 or > int.MaxValue / 2)
            return Lost;
        var start = headBytes + 2;
        var end = start + (int)valueBytes;
        if (bytes.Length < end + 2)
            return 0;
        if (!bytes[end..].StartsWith("\r\n"u8))
            return Lost;
        reply = new WireReply(command == BenchCommandKind.Get ? ReplyKind.Value : ReplyKind.Unexpected, bytes[start..end]);
        return end + 2;
    }

    private static void WriteBulk(OutputBuffer output, ReadOnlySpan<byte> bytes) => bytes.CopyTo(WriteBulk(output, bytes.Length));

    /// <returns>Where the bytes are to be written.</returns>
    private static Span<byte> WriteBulk(OutputBuffer output, int lengthBytes)
    {
        var span = output.GetSpan(MaxHeadBytes + lengthBytes + 2);
        span[0] = (byte)'$';
        _ = Utf8Formatter.TryFormat(lengthBytes, span[1..], out var digits);
        "\r\n"u8.CopyTo(span[(1 + digits)..]);
        var start = 1 + digits + 2;
        "\r\n"u8.CopyTo(span[(start + lengthBytes)..]);
        output.Advance(start + lengthBytes + 2);
        return span.Slice(start, lengthBytes);
    }
}
