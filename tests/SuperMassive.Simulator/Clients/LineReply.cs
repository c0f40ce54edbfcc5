using SuperMassive.Simulator.Checking;

namespace SuperMassive.Simulator.Clients;

/// <summary>Replies in line framing.</summary>
public static class LineReply
{
    /// <returns>Bytes taken; 0 while the reply is not whole.</returns>
    public static int TryRead(ReadOnlySpan<byte> bytes, OperationKind kind, string key, out Reply reply)
    {
        reply = default;
        var length = ReadLine(bytes, out var line);
        if (length == 0)
            return 0;
        if (line.StartsWith("ERR ", StringComparison.Ordinal))
        {
            reply = Reply.OfError(kind, line);
            return length;
        }
        if (kind == OperationKind.Scan)
            return ReadPairs(bytes, length, line, out reply);
        if (kind == OperationKind.Ask)
            return ReadAsked(bytes, length, line, key, out reply);
        reply = kind switch
        {
            OperationKind.Put => Expect(line, "OK key-value written"),
            OperationKind.Delete => Expect(line, "OK key-value deleted"),
            OperationKind.Reload => Expect(line, "OK configs reloaded"),
            _ when line.StartsWith(key + " ", StringComparison.Ordinal) => new Reply(Outcome.Ok, line[(key.Length + 1)..]),
            _ => Reply.Broken($"{kind} {key} was answered {line}"),
        };
        return length;
    }

    /// <returns>Bytes of the line with its CRLF; 0 while it is not whole.</returns>
    public static int ReadLine(ReadOnlySpan<byte> bytes, out string line)
    {
        var end = bytes.IndexOf("\r\n"u8);
        line = end < 0 ? "" : Reply.Text(bytes[..end]);
        return end + 1 + (end < 0 ? 0 : 1);
    }

    /// <summary>One line, or after <c>OK</c> the figures and an empty line.</summary>
    private static int ReadAsked(ReadOnlySpan<byte> bytes, int taken, string line, string verb, out Reply reply)
    {
        reply = Expect(line, verb == "STAT" ? "OK" : "OK PONG");
        if (reply.Breach is not null || verb != "STAT")
            return taken;
        do
        {
            var length = ReadLine(bytes[taken..], out line);
            if (length == 0)
                return 0;
            taken += length;
        }
        while (line.Length > 0);
        return taken;
    }

    private static Reply Expect(string line, string expected) =>
        line == expected ? new Reply(Outcome.Ok) : Reply.Broken($"expected {expected}, got {line}");

    /// <summary><c>OK key value</c>, then one pair per line, then an empty line.</summary>
    private static int ReadPairs(ReadOnlySpan<byte> bytes, int taken, string line, out Reply reply)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        reply = new Reply(Outcome.Ok, Pairs: pairs);
        if (!line.StartsWith("OK ", StringComparison.Ordinal))
        {
            reply = Reply.Broken($"REGX was answered {line}");
            return taken;
        }
        for (line = line[3..]; line.Length > 0;)
        {
            var space = line.IndexOf(' ');
            if (space < 0)
            {
                reply = Reply.Broken($"REGX shows a line without a value: {line}");
                return taken;
            }
            pairs.Add(new(line[..space], line[(space + 1)..]));
            var length = ReadLine(bytes[taken..], out line);
            if (length == 0)
                return 0;
            taken += length;
        }
        return taken;
    }
}
