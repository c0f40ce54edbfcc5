using System.Text;
using SuperMassive.Cli.Shell;

namespace SuperMassive.Client.Tests.Shell;

public sealed class ReplyEndTests
{
    [Theory]
    [InlineData("GET", "k value")]
    [InlineData("REGX", "ERR no keys found")]
    [InlineData("STAT", "ERR not authenticated")]
    [InlineData("PUT", "OK key-value written")]
    public void Most_replies_are_one_line(string verb, string line) =>
        Assert.True(new ReplyEnd(verb).IsReachedBy(Encoding.ASCII.GetBytes(line)));

    [Theory]
    [InlineData("REGX")]
    [InlineData("STAT")]
    public void Long_replies_end_with_an_empty_line(string verb)
    {
        var end = new ReplyEnd(verb);
        Assert.False(end.IsReachedBy("OK k v"u8));
        Assert.False(end.IsReachedBy("ERR is a key too"u8));
        Assert.True(end.IsReachedBy(""u8));
    }

    [Fact]
    public void Lines_are_the_same_wherever_the_stream_is_split()
    {
        var bytes = Encoding.UTF8.GetBytes("OK k1 ä\r\nk2 b\nk3 \r\r\n\r\nrest");
        for (var split = 0; split <= bytes.Length; split++)
            Assert.Equal(["OK k1 ä", "k2 b", "k3 \r", "", "|rest"], Lines(bytes[..split], bytes[split..]));
        Assert.Equal(["OK k1 ä", "k2 b", "k3 \r", "", "|rest"], Lines([.. bytes.Select(one => new[] { one })]));
    }

    [Fact]
    public void A_line_longer_than_the_buffer_comes_whole()
    {
        var line = new string('x', 100_000);
        var bytes = Encoding.ASCII.GetBytes($"a\r\n{line}\r\nb\r\n");
        Assert.Equal(["a", line, "b", "|"], Lines([.. bytes.Chunk(1_000)]));
    }

    private static List<string> Lines(params byte[][] pieces)
    {
        var splitter = new LineSplitter();
        var lines = new List<string>();
        foreach (var piece in pieces)
        {
            piece.CopyTo(splitter.GetMemory());
            splitter.Advance(piece.Length);
            while (splitter.TryRead(out var line))
                lines.Add(Encoding.UTF8.GetString(line));
        }
        lines.Add("|" + Encoding.UTF8.GetString(splitter.TakeRest()));
        return lines;
    }
}
