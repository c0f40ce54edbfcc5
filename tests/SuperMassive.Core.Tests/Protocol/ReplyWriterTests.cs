using SuperMassive.Core.Protocol;
using static SuperMassive.Core.Tests.Protocol.Reading;

namespace SuperMassive.Core.Tests.Protocol;

/// <summary>Every reply that the protocol documents, byte for byte in both framings.</summary>
public sealed class ReplyWriterTests
{
    [Theory]
    [InlineData("authenticated")]
    [InlineData("PONG")]
    [InlineData("key-value written")]
    [InlineData("configs reloaded")]
    [InlineData("see ya later")]
    public void Ok(string text)
    {
        AssertBoth($"OK {text}\r\n", $"+OK {text}\r\n", (o, f) => ReplyWriter.Ok(o, f, text));
        AssertBoth($"OK {text}\r\n", $"+OK {text}\r\n", (o, f) => ReplyWriter.Ok(o, f, Bytes(text)));
    }

    [Fact]
    public void Ok_bare() => AssertBoth("OK\r\n", "+OK\r\n", ReplyWriter.OkBare);

    [Theory]
    [InlineData("invalid credentials")]
    [InlineData("already authenticated")]
    [InlineData("value is not a number")]
    [InlineData("number out of range")]
    [InlineData("no keys found")]
    [InlineData("invalid pattern: why")]
    [InlineData("reload failed: who and why")]
    [InlineData("not authenticated")]
    [InlineData("unknown command")]
    [InlineData("wrong number of arguments for PUT")]
    [InlineData("no primary nodes available")]
    [InlineData("out of memory")]
    [InlineData("key-value unavailable")]
    [InlineData("timeout")]
    public void Error(string text)
    {
        AssertBoth($"ERR {text}\r\n", $"-ERR {text}\r\n", (o, f) => ReplyWriter.Error(o, f, text));
        AssertBoth($"ERR {text}\r\n", $"-ERR {text}\r\n", (o, f) => ReplyWriter.Error(o, f, Bytes(text)));
    }

    [Fact]
    public void An_error_cannot_end_its_own_line()
    {
        AssertBoth("ERR a  OK b\r\n", "-ERR a  OK b\r\n", (o, f) => ReplyWriter.Error(o, f, "a\r\nOK b"));
        AssertBoth("ERR a  OK b\r\n", "-ERR a  OK b\r\n", (o, f) => ReplyWriter.Error(o, f, "a\r\nOK b"u8));
    }

    [Fact]
    public void Get()
    {
        AssertBoth("key1 value1\r\n", "$6\r\nvalue1\r\n", (o, f) => ReplyWriter.KeyValue(o, f, "key1"u8, "value1"u8));
        AssertBoth("key1 \r\n", "$0\r\n\r\n", (o, f) => ReplyWriter.KeyValue(o, f, "key1"u8, ""u8));
        AssertBoth("ERR key-value not found\r\n", "$-1\r\n", ReplyWriter.Missing);
    }

    [Theory]
    [InlineData("a\rb")]
    [InlineData("a\nb")]
    [InlineData("\r\n")]
    public void What_holds_a_line_break_is_refused_by_line(string value)
    {
        const string Refusal = "ERR value holds a line break: read it by RESP\r\n";
        AssertBoth(Refusal, $"${value.Length}\r\n{value}\r\n", (o, f) => ReplyWriter.KeyValue(o, f, "k"u8, Bytes(value)));
        AssertBoth(Refusal, "$1\r\nv\r\n", (o, f) => ReplyWriter.KeyValue(o, f, Bytes(value), "v"u8));
        AssertBoth("OK " + Refusal, $"$1\r\nk\r\n${value.Length}\r\n{value}\r\n",
            (o, f) => ReplyWriter.Pair(o, f, true, "k"u8, Bytes(value)));
        Assert.False(ReplyWriter.FitsLine(Bytes(value)));
    }

    [Fact]
    public void What_holds_none_fits_a_line() =>
        Assert.True(ReplyWriter.FitsLine("any \0 other byte \xff"u8) && ReplyWriter.FitsLine(""u8));

    [Fact]
    public void Del()
    {
        AssertBoth("OK key-value deleted\r\n", ":1\r\n", (o, f) => ReplyWriter.Deleted(o, f, true));
        AssertBoth("ERR key-value not found\r\n", ":0\r\n", (o, f) => ReplyWriter.Deleted(o, f, false));
    }

    [Theory]
    [InlineData("101", ":101\r\n")]
    [InlineData("-9223372036854775808", ":-9223372036854775808\r\n")]
    [InlineData("2.6", "$3\r\n2.6\r\n")]
    [InlineData("-0.5", "$4\r\n-0.5\r\n")]
    public void Incr(string number, string resp) =>
        AssertBoth($"key1 {number}\r\n", resp, (o, f) => ReplyWriter.Counter(o, f, "key1"u8, Bytes(number)));

    [Fact]
    public void Incr_by_line_echoes_a_broken_key_in_one_line() =>
        AssertBoth("a b 7\r\n", ":7\r\n", (o, f) => ReplyWriter.Counter(o, f, "a\nb"u8, "7"u8));

    [Fact]
    public void Regx()
    {
        AssertBoth(
            "OK key1 value1\r\nkey2 value2\r\n\r\n",
            "*4\r\n$4\r\nkey1\r\n$6\r\nvalue1\r\n$4\r\nkey2\r\n$6\r\nvalue2\r\n",
            (o, f) =>
            {
                ReplyWriter.PairsBegin(o, f, 2);
                ReplyWriter.Pair(o, f, true, "key1"u8, "value1"u8);
                ReplyWriter.Pair(o, f, false, "key2"u8, "value2"u8);
                ReplyWriter.PairsEnd(o, f);
            });
        AssertBoth("OK\r\n\r\n", "*0\r\n", (o, f) =>
        {
            ReplyWriter.PairsBegin(o, f, 0);
            ReplyWriter.PairsEnd(o, f);
        });
    }

    [Fact]
    public void Stat()
    {
        const string Body = "CLUSTER localhost:4000\r\n    current_sequence 0\r\n";
        AssertBoth($"OK\r\n{Body}\r\n", $"${Body.Length}\r\n{Body}\r\n", (o, f) => ReplyWriter.Body(o, f, Bytes(Body)));
        AssertBoth("OK\r\na\r\n\r\n", "$1\r\na\r\n", (o, f) => ReplyWriter.Body(o, f, "a"u8));
        AssertBoth("OK\r\n\r\n", "$0\r\n\r\n", (o, f) => ReplyWriter.Body(o, f, ""u8));
    }

    private static void AssertBoth(string line, string resp, Action<OutputBuffer, Framing> write)
    {
        Assert.Equal(line, Written(Framing.Line, write));
        Assert.Equal(resp, Written(Framing.Resp, write));
    }

    private static string Written(Framing framing, Action<OutputBuffer, Framing> write)
    {
        var output = new OutputBuffer(256);
        write(output, framing);
        return Text(output.Sendable);
    }
}
