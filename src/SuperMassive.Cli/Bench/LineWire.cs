using System.Buffers.Text;
using System.Text;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Cli.Bench;

/// <summary>The line framing, as docs/protocol.md has it.</summary>
internal sealed class LineWire : Wire
{
    public override void WriteAuth(OutputBuffer output, string username, string password)
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}\0{password}"));
        output.Write(Encoding.ASCII.GetBytes($"AUTH {credentials}\r\n"));
    }

    public override void WriteGet(OutputBuffer output, ReadOnlySpan<byte> key) => Write(output, "GET "u8, key);

    public override Span<byte> WritePut(OutputBuffer output, ReadOnlySpan<byte> key, int valueBytes)
    {
        var lengthBytes = 4 + key.Length + 1 + valueBytes + 2;
        var line = output.GetSpan(lengthBytes)[..lengthBytes];
        output.Advance(lengthBytes);
        "PUT "u8.CopyTo(line);
        key.CopyTo(line[4..]);
        line[4 + key.Length] = (byte)' ';
        "\r\n"u8.CopyTo(line[^2..]);
        return line[(4 + key.Length + 1)..^2];
    }

    public override void WriteDelete(OutputBuffer output, ReadOnlySpan<byte> key) => Write(output, "DEL "u8, key);

    public override void WriteIncrement(OutputBuffer output, ReadOnlySpan<byte> key) => Write(output, "INCR "u8, key);

    public override int Read(ReadOnlySpan<byte> bytes, BenchCommandKind command, ReadOnlySpan<byte> key, out WireReply reply)
    {
        var lengthBytes = bytes.IndexOf("\r\n"u8);
        if (lengthBytes < 0)
        {
            reply = default;
            return 0;
        }
        reply = Understand(bytes[..lengthBytes], command, key);
        return lengthBytes + 2;
    }

    private static WireReply Understand(ReadOnlySpan<byte> line, BenchCommandKind command, ReadOnlySpan<byte> key)
    {
        if (line.StartsWith("ERR "u8))
        {
            var isMissing = command != BenchCommandKind.Auth && line.SequenceEqual("ERR key-value not found"u8);
            return new WireReply(isMissing ? ReplyKind.Missing : ReplyKind.Error, line);
        }
        if (command is BenchCommandKind.Auth or BenchCommandKind.Put or BenchCommandKind.Delete)
            return new WireReply(line.StartsWith("OK"u8) ? ReplyKind.Done : ReplyKind.Unexpected, line);
        if (line.Length <= key.Length || line[key.Length] != ' ' || !line.StartsWith(key))
            return new WireReply(ReplyKind.Unexpected, line);
        var value = line[(key.Length + 1)..];
        if (command == BenchCommandKind.Get)
            return new WireReply(ReplyKind.Value, value);
        return Utf8Parser.TryParse(value, out long number, out var consumed) && consumed == value.Length
            ? new WireReply(ReplyKind.Number, value, number)
            : new WireReply(ReplyKind.Unexpected, line);
    }

    private static void Write(OutputBuffer output, ReadOnlySpan<byte> verb, ReadOnlySpan<byte> key)
    {
        var lengthBytes = verb.Length + key.Length + 2;
        var line = output.GetSpan(lengthBytes);
        verb.CopyTo(line);
        key.CopyTo(line[verb.Length..]);
        "\r\n"u8.CopyTo(line[(verb.Length + key.Length)..]);
        output.Advance(lengthBytes);
    }
}
