using System.Text;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Tests.Storage;

public sealed class PatternCacheTests
{
    private readonly PatternCache _cache = new();

    [Fact]
    public void Of_many_patterns_each_is_the_one_asked_for()
    {
        for (var i = 0; i < 100; i++)
        {
            var pattern = Get($"^{i % 13}$");
            Assert.True(pattern.IsMatch(Encoding.UTF8.GetBytes($"{i % 13}")));
            Assert.False(pattern.IsMatch("14"u8));
        }
    }

    [Fact]
    public void What_is_kept_is_refused_where_it_is_too_long()
    {
        Get("^long");
        Assert.False(_cache.TryGet("^long"u8, 4, out _, out var error));
        Assert.Equal("invalid pattern: it has 5 bytes, more than 4", error);
    }

    [Fact]
    public void A_pattern_asked_for_again_is_not_built_again()
    {
        Get("^again[0-9]+");
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(_cache.TryGet("^again[0-9]+"u8, 1_024, out _, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100);
    }

    private KeyPattern Get(string pattern)
    {
        Assert.True(_cache.TryGet(Encoding.UTF8.GetBytes(pattern), 1_024, out var created, out var error), error);
        return created;
    }
}
