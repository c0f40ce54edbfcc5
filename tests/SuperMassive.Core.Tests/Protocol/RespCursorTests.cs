using System.Globalization;
using System.Numerics;
using CsCheck;
using SuperMassive.Core.Protocol;
using static SuperMassive.Core.Tests.Protocol.Reading;

namespace SuperMassive.Core.Tests.Protocol;

public sealed class RespCursorTests
{
    private static byte[] Message()
    {
        var output = new OutputBuffer(256);
        RespWriter.Array(output, 9);
        RespWriter.Bulk(output, "k\r\ny"u8);
        RespWriter.Null(output);
        RespWriter.Integer(output, long.MinValue);
        RespWriter.Integer(output, ulong.MaxValue);
        RespWriter.Bulk(output, -42L);
        RespWriter.Bulk(output, ulong.MaxValue);
        RespWriter.Simple(output, "a\r\nb");
        RespWriter.Simple(output, "OK"u8);
        RespWriter.Error(output, "ERR b\nad"u8);
        return output.Sendable.ToArray();
    }

    /// <summary>Reads <see cref="Message"/> without looking at any result in between.</summary>
    private static (RespStatus Status, int Consumed, string Text) ReadMessage(ReadOnlySpan<byte> input)
    {
        var cursor = new RespCursor(input, 20);
        cursor.TryArray(out var count);
        cursor.TryBulk(out var key, out _);
        cursor.TryBulk(out _, out var isNull);
        cursor.TryInteger(out var lowest);
        cursor.TryUnsigned(out var highest);
        cursor.TryBulk(out var negative, out _);
        cursor.TryBulk(out var digits, out _);
        cursor.TryLine('+', out var simple);
        cursor.TryLine('+', out var ok);
        cursor.TryLine('-', out var error);
        var text = $"{count}|{Text(key)}|{isNull}|{lowest}|{highest}|{Text(negative)}|{Text(digits)}"
            + $"|{Text(simple)}|{Text(ok)}|{Text(error)}";
        return (cursor.Status, cursor.Consumed, text);
    }

    [Fact]
    public void What_is_written_is_read()
    {
        var message = Message();
        Assert.Equal(
            "*9\r\n$4\r\nk\r\ny\r\n$-1\r\n:-9223372036854775808\r\n:18446744073709551615\r\n$3\r\n-42\r\n$20\r\n18446744073709551615\r\n"
            + "+a  b\r\n+OK\r\n-ERR b ad\r\n",
            Text(message));
        var (status, consumed, text) = ReadMessage([.. message, (byte)':']);
        Assert.Equal((RespStatus.Ok, message.Length), (status, consumed));
        Assert.Equal("9|k\r\ny|True|-9223372036854775808|18446744073709551615|-42|18446744073709551615|a  b|OK|ERR b ad", text);
    }

    [Fact]
    public void Every_prefix_is_incomplete()
    {
        var message = Message();
        for (var length = 0; length < message.Length; length++)
            Assert.Equal(RespStatus.Incomplete, ReadMessage(message.AsSpan(0, length)).Status);
    }

    [Fact]
    public void Mutated_messages_never_throw()
    {
        var random = new Random(20_260_103);
        var message = Message();
        for (var i = 0; i < 100_000; i++)
        {
            byte[] mutated = [.. message];
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                mutated[random.Next(mutated.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : message[random.Next(message.Length)];
            var (_, consumed, _) = ReadMessage(mutated.AsSpan(0, random.Next(mutated.Length + 1)));
            Assert.InRange(consumed, 0, mutated.Length);
        }
    }

    [Theory]
    [InlineData("*-1\r\n")]
    [InlineData("*1048577\r\n")]
    [InlineData("*x")]
    [InlineData("$1\r\n")]
    [InlineData("+OK\r\n")]
    public void Not_an_array(string input)
    {
        var cursor = new RespCursor(Bytes(input), 100);
        Assert.False(cursor.TryArray(out _));
        Assert.Equal(RespStatus.Malformed, cursor.Status);
    }

    [Theory]
    [InlineData("$101\r\n")]
    [InlineData("$9999999999\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$-1\n")]
    [InlineData("$1\r\nabc")]
    [InlineData("*1\r\n")]
    public void Not_a_bulk_string(string input)
    {
        var cursor = new RespCursor(Bytes(input), 100);
        Assert.False(cursor.TryBulk(out _, out var isNull));
        Assert.False(isNull);
        Assert.Equal(RespStatus.Malformed, cursor.Status);
        Assert.Equal('\0', cursor.PeekType());
    }

    [Theory]
    [InlineData(":\r\n")]
    [InlineData(":+1\r\n")]
    [InlineData(":1x\r\n")]
    [InlineData(":9223372036854775808\r\n")]
    [InlineData(":1\n")]
    [InlineData(":1\rx")]
    [InlineData("$1\r\n1\r\n")]
    public void Not_an_integer(string input)
    {
        var cursor = new RespCursor(Bytes(input), 100);
        Assert.False(cursor.TryInteger(out _));
        Assert.Equal((RespStatus.Malformed, 0), (cursor.Status, cursor.Consumed));
    }

    [Theory]
    [InlineData(65536, RespStatus.Ok)]
    [InlineData(65537, RespStatus.Malformed)]
    public void A_line_has_a_limit(int lengthBytes, RespStatus expected)
    {
        var cursor = new RespCursor(Bytes("+" + new string('x', lengthBytes) + "\r\n"), 100);
        Assert.Equal(expected == RespStatus.Ok, cursor.TryLine('+', out _));
        Assert.Equal(expected, cursor.Status);
    }

    [Fact]
    public void A_bulk_string_at_its_limit_is_read()
    {
        var cursor = new RespCursor("$3\r\nabc\r\n"u8, 3);
        Assert.Equal('$', cursor.PeekType());
        Assert.True(cursor.TryBulk(out var bytes, out _));
        Assert.Equal("abc", Text(bytes));
        Assert.Equal('\0', cursor.PeekType());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("01")]
    [InlineData("-0")]
    [InlineData("--1")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("0x1")]
    [InlineData("18446744073709551616")]
    [InlineData("99999999999999999999")]
    [InlineData("184467440737095516150")]
    [InlineData("\u00b2")]
    public void Not_a_number(string text)
    {
        Assert.False(RespCursor.TryParse(Bytes(text), out long _));
        Assert.False(RespCursor.TryParse(Bytes(text), out ulong _));
    }

    [Fact]
    public void Nothing_but_digits_is_a_digit_wherever_it_stands()
    {
        var digits = Bytes("12345678901234567890");
        for (var length = 1; length <= digits.Length; length++)
        {
            for (var at = 0; at < length; at++)
            {
                for (var character = 0; character <= byte.MaxValue; character++)
                {
                    var text = digits[..length].ToArray();
                    text[at] = (byte)character;
                    var isNumber = character is >= '0' and <= '9' && !(at == 0 && character == '0' && length > 1);
                    var expected = isNumber ? BigInteger.Parse(text.Select(b => (char)b).ToArray(), CultureInfo.InvariantCulture) : -1;
                    isNumber &= expected <= ulong.MaxValue;
                    Assert.Equal(isNumber, RespCursor.TryParse(text, out ulong value));
                    Assert.Equal(isNumber ? expected : 0, value);
                }
            }
        }
    }

    [Fact]
    public void Numbers_are_parsed_within_their_range_only() =>
        Gen.OneOf(
            Gen.Long.Select(value => (BigInteger)value),
            Gen.ULong.Select(value => (BigInteger)value),
            Gen.Int[-3, 3].Select(near => long.MinValue + (BigInteger)near),
            Gen.Int[-3, 3].Select(near => long.MaxValue + (BigInteger)near),
            Gen.Int[-3, 3].Select(near => ulong.MaxValue + (BigInteger)near),
            Gen.Int[-3, 3].Select(near => (BigInteger)near)).Sample(
            value =>
            {
                var text = Bytes(value.ToString(CultureInfo.InvariantCulture));
                Assert.Equal(value >= long.MinValue && value <= long.MaxValue, RespCursor.TryParse(text, out long signed));
                Assert.Equal(value >= 0 && value <= ulong.MaxValue, RespCursor.TryParse(text, out ulong unsigned));
                Assert.Equal(value >= long.MinValue && value <= long.MaxValue ? value : 0, signed);
                Assert.Equal(value >= 0 && value <= ulong.MaxValue ? value : 0, unsigned);
            },
            iter: 20_000);
}
