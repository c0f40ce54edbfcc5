using SuperMassive.Simulator.Checking;

namespace SuperMassive.Simulator.Tests.Checking;

public sealed class SubsetSumsTests
{
    [Fact]
    public void Finds_exactly_the_subsets_that_trying_all_of_them_finds()
    {
        for (var seed = 1UL; seed <= 100; seed++)
        {
            var random = new SimRandom(seed);
            var terms = Enumerable.Range(0, random.Between(0, 9)).Select(_ => random.Between(-6, 6)).ToList();
            var sums = new SubsetSums(terms);
            for (var sum = -60; sum <= 60; sum++)
            {
                var expected = ByTrying(terms, sum);
                var found = new HashSet<string>();
                for (var size = 1; size <= terms.Count; size++)
                {
                    sums.Any(size, sum, subset =>
                    {
                        Assert.True(found.Add(Describe(subset.Select(i => terms[i]))));
                        return false;
                    });
                }
                Assert.Equal(expected.Order(), found.Order());
                Assert.Equal(sum == 0 || expected.Count > 0, sums.CanMake(sum));
            }
        }
    }

    [Fact]
    public void Ends_with_the_first_that_is_taken()
    {
        var asked = 0;
        Assert.True(new SubsetSums([1, 2, 3, 4]).Any(2, 5, _ => ++asked == 1));
        Assert.Equal(1, asked);
    }

    /// <summary>Equal terms stand for each other.</summary>
    private static HashSet<string> ByTrying(List<int> terms, int sum)
    {
        var found = new HashSet<string>();
        for (var bits = 1; bits < 1 << terms.Count; bits++)
        {
            var subset = terms.Where((_, i) => (bits >> i & 1) == 1).ToList();
            if (subset.Sum() == sum)
                found.Add(Describe(subset));
        }
        return found;
    }

    private static string Describe(IEnumerable<int> terms) => string.Join(",", terms.Order());
}
