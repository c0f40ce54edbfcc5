using System.Text;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Tests.Protocol;

/// <summary>Drives a <see cref="CommandReader"/> as a connection does and tells what it found as text.</summary>
internal static class Reading
{
    /// <summary>Small enough for every limit to be reached within a few bytes.</summary>
    public static readonly Limits Small = new()
    {
        LineBytes = 40,
        KeyBytes = 20,
        ValueBytes = 90,
        LineValueBytes = 60,
        PatternBytes = 10,
        UnauthenticatedBytes = 30,
        ArrayElements = 12,
    };

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>A command as a RESP array.</summary>
    public static string Resp(params string[] elements) =>
        $"*{elements.Length}\r\n" + string.Concat(elements.Select(element => $"${element.Length}\r\n{element}\r\n"));

    public static List<string> All(string input, Port port = Port.Cluster, Limits? limits = null, bool isAuthenticated = true) =>
        InPieces(new CommandReader(port, limits ?? new Limits()) { IsAuthenticated = isAuthenticated }, Bytes(input));

    /// <summary>Feeds the input in pieces that end at <paramref name="cuts"/>, handing in again what was not consumed.</summary>
    public static List<string> InPieces(CommandReader reader, byte[] input, params int[] cuts)
    {
        var found = new List<string>();
        var start = 0;
        foreach (var end in cuts.Append(input.Length))
        {
            while (true)
            {
                var status = reader.Read(input.AsSpan(start, end - start), out var command);
                Assert.InRange(command.ConsumedBytes, 0, end - start);
                start += command.ConsumedBytes;
                if (status == ReadStatus.Incomplete)
                    break;
                Assert.True(command.ConsumedBytes > 0, "no progress");
                found.Add(Describe(status, command));
                if (status == ReadStatus.Fatal)
                    return found;
            }
        }
        return found;
    }

    /// <summary><c>Line Put k v</c>, <c>Resp ERR why</c>, <c>FATAL why</c>; arguments in brackets.</summary>
    private static string Describe(ReadStatus status, Command command)
    {
        if (status == ReadStatus.Fatal)
            return $"FATAL {Text(command.Error)}";
        if (status == ReadStatus.Error)
            return $"{command.Framing} {command.Verb} ERR {Text(command.Error)}";
        Assert.True(command.Error.IsEmpty);
        var text = new StringBuilder($"{command.Framing} {command.Verb}");
        for (var i = 0; i < command.ArgumentCount; i++)
            text.Append(" [").Append(Text(command[i])).Append(']');
        return text.ToString();
    }
}
