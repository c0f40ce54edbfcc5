using System.Text;
using SuperMassive.Cli.Bench;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Cli.Tests;

public sealed class BenchValueTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(1_000)]
    public void A_value_says_which_write_it_is_of_and_belongs_to_one_key(int lengthBytes)
    {
        var value = new byte[lengthBytes];
        BenchValue.Fill(value, key: 42, run: BenchValue.RunLimit - 1, write: int.MaxValue);
        Assert.True(BenchValue.TryRead(value, 42, out var run, out var write));
        Assert.Equal((BenchValue.RunLimit - 1, int.MaxValue), (run, write));
        Assert.False(BenchValue.TryRead(value, 43, out _, out _));
        Assert.DoesNotContain(value, one => one < 0x80);
    }

    [Fact]
    public void A_changed_byte_is_found_wherever_it_is()
    {
        var value = new byte[37];
        BenchValue.Fill(value, key: 1, run: 2, write: 3);
        for (var i = 0; i < value.Length; i++)
        {
            value[i] ^= 1;
            Assert.False(BenchValue.TryRead(value, 1, out _, out _), $"byte {i}");
            value[i] ^= 1;
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    [InlineData(1)]
    [InlineData(2)]
    public void Zipf_chooses_each_rank_as_often_as_its_formula_says(double exponent)
    {
        const int n = 100, draws = 200_000;
        var counts = new int[n];
        var random = new SplitMix(1);
        var zipf = new ZipfSampler(n, exponent);
        for (var i = 0; i < draws; i++)
            counts[zipf.Next(ref random)]++;
        var sum = Enumerable.Range(1, n).Sum(rank => Math.Pow(rank, -exponent));
        for (var rank = 1; rank <= n; rank++)
        {
            var expected = draws * Math.Pow(rank, -exponent) / sum;
            // five standard deviations: a seed that fails would be found once in millions
            Assert.InRange(counts[rank - 1], expected - 5 * Math.Sqrt(expected) - 1, expected + 5 * Math.Sqrt(expected) + 1);
        }
    }

    [Theory]
    [InlineData("OK key-value written\r\n", "Put", "Done")]
    [InlineData("ERR key-value not found\r\n", "Get", "Missing")]
    [InlineData("ERR key-value not found\r\n", "Auth", "Error")]
    [InlineData("ERR timeout\r\n", "Put", "Error")]
    [InlineData("key:1 a b\r\n", "Get", "Value")]
    [InlineData("key:12 a\r\n", "Get", "Unexpected")]
    [InlineData("key:1 42\r\n", "Increment", "Number")]
    [InlineData("key:1 42x\r\n", "Increment", "Unexpected")]
    [InlineData("+OK\r\n", "Put", "Done")]
    [InlineData("+PONG\r\n", "Get", "Unexpected")]
    [InlineData("-ERR timeout\r\n", "Get", "Error")]
    [InlineData("$-1\r\n", "Get", "Missing")]
    [InlineData("$4\r\na\r\nb\r\n", "Get", "Value")]
    [InlineData(":1\r\n", "Delete", "Done")]
    [InlineData(":0\r\n", "Delete", "Missing")]
    [InlineData(":42\r\n", "Increment", "Number")]
    [InlineData(":1\r\n", "Get", "Unexpected")]
    public void A_reply_is_read_when_it_is_whole_and_not_before(string text, string command, string kind)
    {
        var wire = Wire.Of(text[0] is '+' or '-' or '$' or ':' ? WireProtocol.Resp : WireProtocol.Line);
        var bytes = Encoding.ASCII.GetBytes(text);
        var sent = Enum.Parse<BenchCommandKind>(command);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Equal(0, wire.Read(bytes.AsSpan(0, length), sent, "key:1"u8, out _));
        Assert.Equal(bytes.Length, wire.Read([.. bytes, .. bytes], sent, "key:1"u8, out var reply));
        Assert.Equal(Enum.Parse<ReplyKind>(kind), reply.Kind);
    }

    [Fact]
    public void Commands_are_written_as_the_protocol_says()
    {
        Assert.Equal("AUTH dQBw\r\nGET k\r\nPUT k vvv\r\nDEL k\r\nINCR k\r\n", Written(WireProtocol.Line));
        Assert.Equal(
            "*3\r\n$4\r\nAUTH\r\n$1\r\nu\r\n$1\r\np\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\nvvv\r\n"
            + "*2\r\n$3\r\nDEL\r\n$1\r\nk\r\n*2\r\n$4\r\nINCR\r\n$1\r\nk\r\n",
            Written(WireProtocol.Resp));
    }

    private static string Written(WireProtocol protocol)
    {
        var output = new OutputBuffer(1_024);
        var wire = Wire.Of(protocol);
        wire.WriteAuth(output, "u", "p");
        wire.WriteGet(output, "k"u8);
        wire.WritePut(output, "k"u8, 3).Fill((byte)'v');
        wire.WriteDelete(output, "k"u8);
        wire.WriteIncrement(output, "k"u8);
        return Encoding.ASCII.GetString(output.Sendable);
    }
}
