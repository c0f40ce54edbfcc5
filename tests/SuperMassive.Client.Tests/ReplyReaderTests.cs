using System.Text;
using SuperMassive.Client.Tests.Support;

namespace SuperMassive.Client.Tests;

public sealed class ReplyReaderTests
{
    private const string Stream =
        "+OK key-value written\r\n-ERR no\r\n:-12\r\n$5\r\na\r\nbc\r\n$0\r\n\r\n$-1\r\n*0\r\n*4\r\n$1\r\nk\r\n$-1\r\n:3\r\n+x\r\n+end\r\n";

    private static readonly string[] Expected =
        ["Simple OK key-value written", "Error ERR no", "Integer -12", "Bulk a\r\nbc", "Bulk ", "Null ", "Array []",
            "Array [Bulk k,Null ,Integer 3,Simple x]", "Simple end"];

    [Fact]
    public void Replies_are_the_same_wherever_the_stream_is_split()
    {
        var bytes = Encoding.ASCII.GetBytes(Stream);
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second++)
                Assert.Equal(Expected, Read(bytes[..first], bytes[first..second], bytes[second..]));
        }
        Assert.Equal(Expected, Read([.. bytes.Select(one => new[] { one })]));
    }

    [Fact]
    public void A_long_array_and_a_long_value_come_whole()
    {
        var text = new StringBuilder("*5000\r\n");
        for (var i = 0; i < 5_000; i++)
            text.Append($":{i}\r\n");
        text.Append($"$300000\r\n{new string('x', 300_000)}\r\n");
        var replies = Read([.. Encoding.ASCII.GetBytes(text.ToString()).Chunk(1_000)]);
        Assert.Equal(2, replies.Count);
        Assert.Equal(5_000, replies[0].Count(character => character == ',') + 1);
        Assert.Equal(300_000 + "Bulk ".Length, replies[1].Length);
    }

    [Theory]
    [InlineData("?\r\n")]
    [InlineData("\r\n")]
    [InlineData("$x\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$1\r\nabc")]
    [InlineData("*1\r\n*1\r\n")]
    public void What_is_no_reply_is_refused(string text) =>
        Assert.Throws<InvalidDataException>(() => Read(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public async Task Replies_may_arrive_byte_by_byte()
    {
        await using var peer = new TestPeer();
        var (client, connection) = await peer.ConnectAsync();
        await using var _ = client;
        var get = client.GetAsync("a");
        var scan = client.ScanAsync("b");
        foreach (var one in Encoding.ASCII.GetBytes("$4\r\n\r\n\r\n\r\n*2\r\n$1\r\nk\r\n$1\r\nv\r\n"))
            await connection.SendAsync(new[] { one });
        Assert.Equal("\r\n\r\n", await get.Soon());
        Assert.Equal("k", Assert.Single(await scan.Soon()).Key);
    }

    private static List<string> Read(params byte[][] pieces)
    {
        var reader = new ReplyReader();
        var replies = new List<string>();
        foreach (var piece in pieces)
        {
            piece.CopyTo(reader.GetMemory());
            reader.Advance(piece.Length);
            while (reader.TryRead(out var reply))
                replies.Add(Describe(reply));
        }
        return replies;
    }

    private static string Describe(Reply reply) =>
        $"{reply.Kind} {(reply.Items is null ? reply.Text : $"[{string.Join(",", reply.Items.Select(Describe))}]")}";
}
