using CsCheck;
using SuperMassive.Core.Protocol;
using static SuperMassive.Core.Tests.Protocol.Reading;

namespace SuperMassive.Core.Tests.Protocol;

/// <summary>How the bytes arrive changes nothing: each input gives the same commands in one piece and in many.</summary>
public sealed class CommandReaderSplitTests
{
    private static string X(int count) => new('x', count);

    private static readonly string[] Corpus =
    [
        "PUT key some value\r\nPUT key \r\nGET key\r\nDEL  k\r\n\r\nPING\r\n",
        "PUT key a\rb\nc\r\r\nGET \r\r\nSTAT\r\n",
        Resp("PUT", "k\r\n", "v\r\n\r\n") + Resp("GET", "k\r\n") + Resp("PUT", "k", "") + "QUIT\r\n",
        Resp("HELLO", "3", "AUTH", "a", "b") + Resp("GET") + Resp("PUT", "", "v") + Resp("PING"),
        $"GET {X(50)}\r\nPING\r\n{X(70)}\r\r\nPING\r\n",
        $"PUT k {X(100)}\r\nPUT k {X(60)}\r\nPUT {X(30)} v\r\nPUT {X(20)} {X(60)}\r\r\nPING\r\n",
        Resp("PUT", "k", X(100)) + Resp("PUT", X(30), X(100)) + Resp("REGX", X(11), "1", "2") + Resp(X(65), "a", "b") + Resp("PING"),
        Resp("GET", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10") + "GET 1 2 3 4 5 6 7 8 9 0\r\n" + Resp("PING"),
        Resp("PING") + "*1\r\n$4\r\nPINGPING\r\n",
        Resp("PUT", X(30), "v") + Resp("X", "y")[..^2] + "GET k\r\n",
        Resp("PING") + "*13\r\n",
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_split_point_gives_the_same_commands(bool isAuthenticated)
    {
        foreach (var text in Corpus)
        {
            var input = Bytes(text);
            CommandReader NewReader() => new(Port.Cluster, Small) { IsAuthenticated = isAuthenticated };
            var whole = InPieces(NewReader(), input);
            for (var first = 0; first <= input.Length; first++)
            {
                Assert.Equal(whole, InPieces(NewReader(), input, first));
                for (var second = first; second <= Math.Min(first + 3, input.Length); second++)
                    Assert.Equal(whole, InPieces(NewReader(), input, first, second));
            }
            Assert.Equal(whole, InPieces(NewReader(), input, [.. Enumerable.Range(0, input.Length)]));
        }
    }

    [Fact]
    public void Any_commands_in_any_framing_and_pieces_come_out_as_they_went_in()
    {
        var word = Gen.Char[" ax*$\r\n\0\u00ff"].Array[0, 12].Select(characters => new string(characters));
        var command = Gen.Select(Gen.Int[0, 3], word, word, Gen.Bool);
        Gen.Select(command.Array[1, 8], Gen.Int[1, 40]).Sample(
            (commands, piece) =>
            {
                var (input, expected) = ("", new List<string>());
                foreach (var (kind, rawKey, value, wantsLine) in commands)
                {
                    var key = "k" + rawKey;
                    string[] elements = kind switch
                    {
                        0 => ["PUT", key, value],
                        1 => ["GET", key],
                        2 => ["INCR", key, value],
                        _ => ["PING"],
                    };
                    var fitsLine = !elements.Any(element => element.Contains('\r') || element.Contains('\n'))
                        && !key.Contains(' ') && (kind == 0 || !value.Contains(' '));
                    var isLine = wantsLine && fitsLine;
                    input += isLine ? string.Join(' ', elements) + "\r\n" : Resp(elements);
                    var verb = elements[0][..1] + elements[0][1..].ToLowerInvariant();
                    expected.Add((isLine ? "Line " : "Resp ") + verb + string.Concat(elements.Skip(1).Select(element => $" [{element}]")));
                }
                var cuts = Enumerable.Range(1, input.Length / piece).Select(i => i * piece).ToArray();
                var reader = new CommandReader(Port.Cluster, new Limits()) { IsAuthenticated = true };
                Assert.Equal(expected, InPieces(reader, Bytes(input), cuts));
            },
            iter: 4_000);
    }
}
