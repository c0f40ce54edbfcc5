using System.Globalization;
using System.Numerics;
using System.Text;
using CsCheck;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Tests.Storage;

public sealed class CounterTests
{
    private const string MaxDecimal = "79228162514264337593543950335";

    [Theory]
    [InlineData("100", "1", "101")]
    [InlineData("-1", "1", "0")]
    [InlineData("0", "-0", "0")]
    [InlineData("-0", "0", "0")]
    [InlineData("007", "1", "8")]
    [InlineData("1.5", "1.1", "2.6")]
    [InlineData("2.5", "0.5", "3")]
    [InlineData("0.1", "0.2", "0.3")]
    [InlineData("-0.5", "0.25", "-0.25")]
    [InlineData("-0.5", "0.5", "0")]
    [InlineData("9.50", "90.5", "100")]
    [InlineData("1.0", "1", "2")]
    [InlineData("9223372036854775806", "1", "9223372036854775807")]
    [InlineData("-9223372036854775808", "9223372036854775807", "-1")]
    [InlineData("9223372036854775807", "0.5", "9223372036854775807.5")]
    [InlineData("9223372036854775807", "1.0", "9223372036854775808")]
    [InlineData("79228162514264337593543950334.0", "1", MaxDecimal)]
    [InlineData("-79228162514264337593543950335.0", "0", "-" + MaxDecimal)]
    [InlineData("0.0000000000000000000000000001", "0.0000000000000000000000000001", "0.0000000000000000000000000002")]
    [InlineData("7.9228162514264337593543950335", "0", "7.9228162514264337593543950335")]
    [InlineData("0.10000000000000000000000000000000000000", "0", "0.1")]
    [InlineData("7.9228162514264337593543950335", "0.0000000000000000000000000005", "7.922816251426433759354395034")]
    public void Adds_exactly(string value, string delta, string sum)
    {
        Assert.Equal((CounterResult.Ok, sum), Add(value, delta));
        Assert.Equal((CounterResult.Ok, sum), Add(delta, value));
    }

    [Theory]
    [InlineData("9223372036854775807", "1")]
    [InlineData("-9223372036854775808", "-1")]
    [InlineData("9223372036854775808", "0")]
    [InlineData("-9223372036854775809", "1")]
    [InlineData("99999999999999999999999999999999999999999999999999", "1")]
    [InlineData("79228162514264337593543950335.0", "1")]
    [InlineData("79228162514264337593543950336.0", "0")]
    [InlineData("79228162514264337593543950335.0", "0.1")]
    [InlineData("9", "0.0000000000000000000000000001")]
    [InlineData("0.00000000000000000000000000001", "1")]
    [InlineData("7922816251426433759354395033.5", "0.01")]
    [InlineData("79228162514264337593543950335.0", "0.0000000000000000000000000001")]
    public void Refuses_to_lose_a_digit(string value, string delta)
    {
        Assert.Equal((CounterResult.OutOfRange, ""), Add(value, delta));
        Assert.Equal((CounterResult.OutOfRange, ""), Add(delta, value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData("--1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("-.5")]
    [InlineData("1.2.3")]
    [InlineData("1e3")]
    [InlineData("0x1")]
    [InlineData("1,5")]
    [InlineData("NaN")]
    [InlineData("1\0")]
    [InlineData("٣")]
    public void Knows_what_is_not_a_number(string text)
    {
        Assert.False(Counter.IsNumber(Encoding.UTF8.GetBytes(text)));
        Assert.Equal((CounterResult.NotANumber, ""), Add(text, "1"));
        Assert.Equal((CounterResult.NotANumber, ""), Add("99999999999999999999999999999999", text));
    }

    [Theory]
    [InlineData("-1", "-9223372036854775808", CounterResult.Ok, "9223372036854775807")]
    [InlineData("0", "-9223372036854775808", CounterResult.OutOfRange, "")]
    [InlineData("-9223372036854775808", "1", CounterResult.OutOfRange, "")]
    [InlineData("-9223372036854775808", "-9223372036854775808", CounterResult.Ok, "0")]
    [InlineData("10", "2.5", CounterResult.Ok, "7.5")]
    [InlineData("1", "1.5", CounterResult.Ok, "-0.5")]
    public void Subtracts(string value, string delta, CounterResult result, string difference) =>
        Assert.Equal((result, difference), Add(value, delta, subtract: true));

    [Fact]
    public void Agrees_with_decimal_where_decimal_does_not_round() =>
        Gen.Select(Gen.Decimal, Gen.Decimal, Gen.Int[0, 28]).Sample((left, right, scale) =>
        {
            right = Math.Round(right, scale);
            var (result, sum) = Add(Text(left), Text(right));
            var exact = Exact(left) + Exact(right);
            if (result == CounterResult.Ok)
            {
                var parsed = decimal.Parse(sum, CultureInfo.InvariantCulture);
                Assert.Equal(exact, Exact(parsed));
                Assert.Equal(Text(parsed).Contains('.') ? Text(parsed).TrimEnd('0') : Text(parsed), sum);
                return;
            }
            // when decimal can hold the sum, its own addition gives it
            if (Text(left).Contains('.') || Text(right).Contains('.'))
                Assert.True(Overflows(left, right) || Exact(left + right) != exact);
        });

    [Fact]
    public void Writes_no_more_than_it_says()
    {
        var destination = new byte[Counter.MaxBytes];
        Assert.Equal(CounterResult.Ok, Counter.Add("-7.9228162514264337593543950335"u8, "0"u8, false, destination, out var written));
        Assert.Equal(31, written);
    }

    private static (CounterResult Result, string Sum) Add(string value, string delta, bool subtract = false)
    {
        var destination = new byte[Counter.MaxBytes];
        var result = Counter.Add(Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetBytes(delta), subtract, destination, out var written);
        return (result, Encoding.UTF8.GetString(destination, 0, written));
    }

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool Overflows(decimal left, decimal right)
    {
        try
        {
            _ = left + right;
            return false;
        }
        catch (OverflowException)
        {
            return true;
        }
    }

    /// <summary>The number times 10^28.</summary>
    private static BigInteger Exact(decimal number)
    {
        var bits = decimal.GetBits(number);
        var unscaled = ((new BigInteger((uint)bits[2]) << 32) + (uint)bits[1] << 32) + (uint)bits[0];
        return (bits[3] < 0 ? -unscaled : unscaled) * BigInteger.Pow(10, 28 - (bits[3] >> 16 & 0xFF));
    }
}
