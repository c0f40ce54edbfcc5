using System.Buffers.Text;
using SuperMassive.Simulator.Checking;

namespace SuperMassive.Simulator.Clients;

/// <summary>Replies in RESP framing.</summary>
public static class RespReply
{
    /// <returns>Bytes taken; 0 while the reply is not whole.</returns>
    public static int TryRead(ReadOnlySpan<byte> bytes, OperationKind kind, out Reply reply)
    {
        reply = default;
        var length = LineReply.ReadLine(bytes, out var line);
        if (length == 0)
            return 0;
        switch (bytes[0])
        {
            case (byte)'-':
                reply = Reply.OfError(kind, line[1..]);
                return length;
            case (byte)'+' when kind == OperationKind.Ask:
                reply = line == "+PONG" ? new Reply(Outcome.Ok) : Unexpected(kind, line);
                return length;
            case (byte)'+' when kind == OperationKind.Reload:
                reply = line == "+OK configs reloaded" ? new Reply(Outcome.Ok) : Unexpected(kind, line);
                return length;
            case (byte)'+':
                reply = kind == OperationKind.Put && line == "+OK key-value written" ? new Reply(Outcome.Ok) : Unexpected(kind, line);
                return length;
            case (byte)':' when kind is OperationKind.Delete:
                reply = line == ":1" ? new Reply(Outcome.Ok) : line == ":0" ? new Reply(Outcome.NotFound) : Unexpected(kind, line);
                return length;
            case (byte)':' when kind is OperationKind.Add:
                reply = new Reply(Outcome.Ok, line[1..]);
                return length;
            case (byte)'$' when kind is OperationKind.Get or OperationKind.Add or OperationKind.Ask:
                return ReadValue(bytes, out reply);
            case (byte)'*' when kind is OperationKind.Scan:
                return ReadPairs(bytes, length, line, out reply);
            default:
                reply = Unexpected(kind, line);
                return length;
        }
    }

    private static Reply Unexpected(OperationKind kind, string line) => Reply.Broken($"{kind} was answered {line}");

    private static int ReadValue(ReadOnlySpan<byte> bytes, out Reply reply)
    {
        var taken = ReadBulk(bytes, out var value);
        reply = value is null ? new Reply(Outcome.NotFound) : new Reply(Outcome.Ok, value);
        return taken;
    }

    private static int ReadPairs(ReadOnlySpan<byte> bytes, int taken, string line, out Reply reply)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        reply = new Reply(Outcome.Ok, Pairs: pairs);
        if (!int.TryParse(line.AsSpan(1), out var count) || count < 0 || count % 2 != 0)
        {
            reply = Unexpected(OperationKind.Scan, line);
            return taken;
        }
        for (var i = 0; i < count; i += 2)
        {
            var keyLength = ReadBulk(bytes[taken..], out var key);
            if (keyLength == 0)
                return 0;
            var valueLength = ReadBulk(bytes[(taken + keyLength)..], out var value);
            if (valueLength == 0)
                return 0;
            pairs.Add(new(key ?? "", value ?? ""));
            taken += keyLength + valueLength;
        }
        return taken;
    }

    private static int ReadBulk(ReadOnlySpan<byte> bytes, out string? value)
    {
        value = null;
        var end = bytes.IndexOf("\r\n"u8);
        if (end < 0)
            return 0;
        if (bytes[0] != '$' || !Utf8Parser.TryParse(bytes[1..end], out int length, out var used) || used != end - 1)
            throw new FormatException($"expected a bulk string, got {Reply.Text(bytes[..end])}");
        if (length < 0)
            return end + 2;
        if (bytes.Length < end + 2 + length + 2)
            return 0;
        value = Reply.Text(bytes.Slice(end + 2, length));
        return end + 2 + length + 2;
    }
}
