using System.Diagnostics;
using System.Text;
using SuperMassive.Core.Storage;
using Xunit.Abstractions;

namespace SuperMassive.Core.Tests.Storage;

public sealed class KeyPatternTests(ITestOutputHelper output)
{
    public static TheoryData<string> CostlyPatterns => new(
        "^(a|b)*a[ab]{250}c$", "^(a|b)*a(a|b){30}c$", "(a?b?){60}c", "(a*)*b", "(a|a)*c", "(.*)*c", "((a{0,10}b){0,10})c",
        string.Concat(Enumerable.Repeat(".*a.{3}", 50)) + "c",
        string.Concat(Enumerable.Repeat("(a|b)*?a(a|b){3}", 60)) + "c",
        string.Join('|', Enumerable.Range(0, 16).Select(i => $"[ab]*a[ab]{{{i + 3}}}c")),
        new string('(', 300) + "a" + string.Concat(Enumerable.Repeat(")*", 300)) + "c",
        "(?i)" + string.Concat(Enumerable.Range(0x100, 60).Select(i => (char)(i * 7))) + "[ab]*");

    [Theory]
    [InlineData("^user:\\d+$", "user:42", true)]
    [InlineData("^user:\\d+$", "user:x", false)]
    [InlineData("b", "abc", true)]
    [InlineData("", "abc", true)]
    [InlineData("^.$", "ö", true)]
    [InlineData("(?i)ÄB", "äb", true)]
    [InlineData("^session:[0-9a-f]{32}$", "session:0123456789abcdef0123456789abcdef", true)]
    [InlineData("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", "x:01234567-89ab-cdef-0123-456789abcdef", true)]
    [InlineData("^.{1,255}$", "k", true)]
    [InlineData("a{", "a{", true)]
    [InlineData("[]a]{2}", "]a", true)]
    [InlineData("(?<name>a)(?:b)(?i:C)", "abc", true)]
    public void Matches(string pattern, string key, bool matches) =>
        Assert.Equal(matches, Create(pattern).IsMatch(Encoding.UTF8.GetBytes(key)));

    [Theory]
    [InlineData("^user:", 1)]
    [InlineData("^user:\\d+$", 2)]
    [InlineData("^(a|b)*[ab]{30}$", 31)]
    public void Weighs_what_multiplies_work(string pattern, int weight) => Assert.Equal(weight, Create(pattern).Weight);

    [Fact]
    public void Bytes_that_are_not_utf8_are_replaced()
    {
        Assert.True(Create("^a\uFFFDb$").IsMatch([(byte)'a', 0xFF, (byte)'b']));
        Assert.True(Create("^a.*b$").IsMatch([(byte)'a', .. Enumerable.Repeat((byte)0x80, 2_000), (byte)'b']));
    }

    [Theory]
    [InlineData("(", "Not enough )'s")]
    [InlineData("[a", "Unterminated")]
    [InlineData("(a)\\1", "backreference")]
    [InlineData("(?=a)b", "lookahead")]
    [InlineData("(a{1000}){1000}", "more than 256 states")]
    [InlineData("((((a{9}){9}){9}){9}){9}", "more than 256 states")]
    [InlineData("((a?){1000}){1000}", "more than 256 states")]
    [InlineData("a{99999999999999999999}", "more than 256 states")]
    [InlineData("x{2147483647,}", "more than 256 states")]
    [InlineData("(?x)(a # )\n){1000}", "free spacing")]
    [InlineData("(?#(a)b", "comments")]
    [InlineData("(\r\n", "Not enough )'s")]
    public void Says_why_a_pattern_is_refused(string pattern, string why)
    {
        Assert.False(KeyPattern.TryCreate(Encoding.UTF8.GetBytes(pattern), 1_024, out var refused, out var error));
        Assert.Null(refused);
        output.WriteLine(error);
        Assert.StartsWith("invalid pattern: ", error);
        Assert.Contains(why, error);
        Assert.DoesNotContain(error, char.IsControl);
    }

    [Fact]
    public void Refuses_what_is_too_long_not_text_or_too_foreign()
    {
        Assert.Equal("invalid pattern: it has 1025 bytes, more than 1024", Refusal(new byte[1_025]));
        Assert.Equal("invalid pattern: it is not UTF-8", Refusal([0xFF]));
        var foreign = string.Concat(Enumerable.Range(0x4E00, 340).Select(i => (char)i));
        Assert.Contains("beyond ASCII", Refusal(Encoding.UTF8.GetBytes(foreign)));
    }

    [Theory]
    [MemberData(nameof(CostlyPatterns))]
    public void Costly_patterns_stay_affordable(string text)
    {
        var random = new Random(1);
        var letters = Enumerable.Range(0, 64 << 10).Select(_ => (byte)('a' + random.Next(2))).ToArray();
        var clock = Stopwatch.StartNew();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var pattern = Create(text);
        var build = clock.Elapsed;
        clock.Restart();
        const int Keys = 1_000;
        for (var key = 0; key < Keys; key++)
            pattern.IsMatch(letters.AsSpan(key * 60, 64));
        var perKey = clock.Elapsed / Keys;
        clock.Restart();
        pattern.IsMatch(letters);
        output.WriteLine(
            $"build {build.TotalMilliseconds:F1} ms, per key of 64 bytes {perKey.TotalMilliseconds:F3} ms, 64 KiB key "
            + $"{clock.Elapsed.TotalMilliseconds:F1} ms, too slow {pattern.IsTooSlow}, "
            + $"{(GC.GetAllocatedBytesForCurrentThread() - allocated) >> 20} MiB allocated");
        // generous, for a machine that is busy; typical figures are printed
        Assert.InRange(build.TotalMilliseconds, 0, 2_000);
        Assert.InRange(perKey.TotalMilliseconds, 0, 50);
        Assert.InRange(clock.Elapsed.TotalMilliseconds, 0, 4_000);
    }

    [Fact]
    public void Allocates_nothing_per_key()
    {
        var pattern = Create("^user:[0-9]+:[a-z]*$");
        byte[][] keys = ["user:42:abc"u8.ToArray(), "user:x"u8.ToArray(), "user:42:äöü"u8.ToArray(), new byte[10_000]];
        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
            Round();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round()
        {
            foreach (var key in keys)
                pattern.IsMatch(key);
        }
    }

    private static KeyPattern Create(string pattern)
    {
        Assert.True(KeyPattern.TryCreate(Encoding.UTF8.GetBytes(pattern), 1_024, out var created, out var error), error);
        return created;
    }

    private static string Refusal(byte[] pattern)
    {
        Assert.False(KeyPattern.TryCreate(pattern, 1_024, out _, out var error));
        return error;
    }
}
