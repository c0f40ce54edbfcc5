using SuperMassive.Simulator.Checking;

namespace SuperMassive.Simulator.Tests.Checking;

public sealed class LinearizabilityTests
{
    public static TheoryData<string, string> Bad => new()
    {
        { "stale read", "1 2 PUT k a -> ok\n3 4 PUT k b -> ok\n5 6 GET k -> a" },
        { "lost write", "1 2 PUT k a -> ok\n3 4 GET k -> none" },
        { "invented value", "1 2 PUT k a -> ok\n3 4 GET k -> z" },
        { "read goes back", "1 9 PUT k b -> ok\n0 0 PUT k a -> ok\n2 3 GET k -> b\n4 5 GET k -> a" },
        { "resurrection", "1 2 PUT k a -> ok\n3 4 DEL k -> ok\n5 6 GET k -> a" },
        { "deletion of nothing", "1 2 DEL k -> ok" },
        { "deleted twice", "1 2 PUT k a -> ok\n3 6 DEL k -> ok\n4 5 DEL k -> ok" },
        { "deletion missed the key", "1 2 PUT k a -> ok\n3 4 DEL k -> none" },
        { "lost update", "1 2 PUT k 10 -> ok\n3 6 INCR k 1 -> 11\n4 5 INCR k 1 -> 11" },
        { "doubled update", "1 2 PUT k 10 -> ok\n3 4 INCR k 1 -> 12" },
        { "INCR of an absent key", "1 2 INCR k 1 -> 1" },
        { "INCR of a text", "1 2 PUT k a -> ok\n3 4 INCR k 1 -> 1" },
        { "a number called none", "1 2 PUT k 1 -> ok\n3 4 INCR k 1 -> nan" },
        { "indeterminate INCR applied twice", "1 2 PUT k 10 -> ok\n3 - INCR k 5 -> ?\n6 7 GET k -> 15\n8 9 GET k -> 20" },
        { "indeterminate write came, went, and came back", "1 2 PUT k a -> ok\n3 - PUT k b -> ?\n4 5 GET k -> b\n6 7 GET k -> a" },
        { "effect before invocation", "1 2 GET k -> a\n3 4 PUT k a -> ok" },
        { "refused write is seen", "1 2 PUT k a -> ok\n3 4 PUT k b -> refused\n5 6 GET k -> b" },
        { "sum rounded", "1 2 PUT k 1.5 -> ok\n3 4 INCR k 1.15 -> 2.6" },
        { "sum wrapped", "1 2 PUT k 9223372036854775807 -> ok\n3 4 INCR k 1 -> -9223372036854775808" },
        { "sum refused that fits", "1 2 PUT k 9223372036854775806 -> ok\n3 4 INCR k 1 -> range" },
        { "refused sum is seen", "1 2 PUT k 9223372036854775807 -> ok\n3 4 INCR k 1 -> range\n5 6 GET k -> 9223372036854775808" },
        { "read in a pipeline misses the write before it", "1 2 PUT k a -> ok\n3 8 PUT k b @1 -> ok\n3 9 GET k @1 -> a" },
        { "read in a pipeline sees the write after it", "1 2 PUT k a -> ok\n3 8 GET k @1 -> b\n3 9 PUT k b @1 -> ok" },
        { "pipelined writes change places", "3 8 PUT k a @1 -> ok\n3 9 PUT k b @1 -> ok\n10 11 GET k -> a" },
        { "unheard write before what was sent earlier", "1 2 PUT k a -> ok\n3 9 GET k @1 -> b\n3 - PUT k b @1 -> ?" },
        { "two readers disagree on order", "0 1 PUT k a -> ok\n2 9 PUT k b -> ok\n2 9 PUT k c -> ok\n10 11 GET k -> b\n12 13 GET k -> c" },
    };

    public static TheoryData<string, string> Good => new()
    {
        { "nothing", "" },
        { "in turn", "1 2 PUT k a -> ok\n3 4 GET k -> a\n5 6 DEL k -> ok\n7 8 GET k -> none\n9 10 DEL k -> none" },
        { "overlapping writes, either wins", "1 5 PUT k a -> ok\n2 4 PUT k b -> ok\n6 7 GET k -> a\n8 9 GET k -> a" },
        { "read during a write sees old or new", "0 1 PUT k a -> ok\n2 9 PUT k b -> ok\n3 4 GET k -> a\n5 6 GET k -> b" },
        { "lost indeterminate write", "1 2 PUT k a -> ok\n3 - PUT k b -> ?\n5 6 GET k -> a" },
        { "late indeterminate write", "1 2 PUT k a -> ok\n3 - PUT k b -> ?\n5 6 GET k -> a\n7 8 GET k -> b" },
        { "late indeterminate deletion", "1 2 PUT k a -> ok\n3 - DEL k -> ?\n5 6 GET k -> a\n7 8 GET k -> none" },
        { "counting side by side", "1 2 PUT k 10 -> ok\n3 9 INCR k 1 -> 12\n3 9 INCR k 1 -> 11\n3 - INCR k 5 -> ?\n10 11 GET k -> 17" },
        { "two alike", "1 2 PUT k 10 -> ok\n3 - INCR k 5 -> ?\n4 - INCR k 5 -> ?\n5 6 GET k -> 15\n7 8 GET k -> 20" },
        { "not a number", "1 2 PUT k a -> ok\n3 4 INCR k 1 -> nan\n5 6 PUT k 7 -> ok\n7 8 INCR k -2 -> 5" },
        { "same instant is no order", "1 5 PUT k a -> ok\n5 9 GET k -> none" },
        { "decimals", "1 2 PUT k 1.5 -> ok\n3 4 INCR k 1.1 -> 2.6\n5 6 INCR k -0.60 -> 2\n7 8 GET k -> 2" },
        { "decimals beyond 64 bits", "1 2 PUT k 9223372036854775807 -> ok\n3 4 INCR k 0.5 -> 9223372036854775807.5" },
        { "out of range", "1 2 PUT k 9223372036854775807 -> ok\n3 4 INCR k 1 -> range\n5 6 INCR k -1 -> 9223372036854775806" },
        { "out of range by one nobody heard of", "1 2 PUT k 9223372036854775800 -> ok\n3 - INCR k 7 -> ?\n4 5 INCR k 1 -> range" },
        { "pipeline in order", "1 9 PUT k a @1 -> ok\n1 9 GET k @1 -> a\n1 9 PUT k b @1 -> ok\n1 9 GET k @1 -> b" },
        { "unheard write of a pipeline comes late", "1 2 PUT k a @1 -> ok\n3 - PUT k b @1 -> ?\n4 5 GET k -> a\n6 7 GET k -> b" },
        { "the same value once more, after another", "1 2 PUT k a -> ok\n3 9 PUT k b -> ok\n4 5 PUT k a -> ok\n10 11 GET k -> a" },
        { "refused", "1 2 PUT k a -> refused\n3 4 GET k -> none\n5 6 GET k -> refused" },
    };

    [Theory, MemberData(nameof(Bad))]
    public void Rejects(string name, string history)
    {
        Assert.Equal(Verdict.NotLinearizable, Linearizability.Check(Histories.Parse(history), out var stuck));
        Assert.True(stuck is not null, name);
    }

    [Theory, MemberData(nameof(Good))]
    public void Accepts(string name, string history) =>
        Assert.True(Linearizability.Check(Histories.Parse(history), out _) == Verdict.Linearizable, name);

    [Fact]
    public void Gives_up_loudly()
    {
        var history = Histories.Parse("1 2 PUT k a -> ok\n3 4 GET k -> none");
        Assert.Equal(Verdict.Undecided, Linearizability.Check(history, out _, budget: 1));
    }

    [Theory]
    [InlineData(3 + 11 + 803, Verdict.Linearizable)]
    [InlineData(1, Verdict.NotLinearizable)]
    [InlineData(1_000_000, Verdict.NotLinearizable)]
    public void Many_indeterminate_INCRs_are_decided_by_the_sums_they_can_make(long more, Verdict verdict)
    {
        var unheard = string.Concat(Enumerable.Range(0, 22).Select(i => $"3 - INCR k {2 * i * i + 3} -> ?\n"));
        var history = Histories.Parse($"1 2 PUT k 1000 -> ok\n{unheard}5 6 GET k -> 1000\n7 8 GET k -> {1000 + more}");
        Assert.Equal(verdict, Linearizability.Check(history, out _));
    }

    /// <summary>What was left of seed 3272: 14 unheard INCRs, any number that was answered can be made of many of them.</summary>
    [Fact]
    public void A_chain_among_many_indeterminate_INCRs_is_put_together_from_the_fewest()
    {
        int[] unheard = [88, 11, -5, 39, -2, -5, 12, 17, 24, 21, 42, -9, 1, 38];
        int[] chain = [-6, 53, 73, 20, -5, -5, 26, 19, 19, -2, 4, 4, 32];
        var text = "1 2 PUT k 1000 -> ok\n" + string.Concat(unheard.Select(delta => $"3 - INCR k {delta} -> ?\n"));
        var sum = 1000 + 21;
        for (var i = 0; i < chain.Length; i++)
        {
            sum += chain[i] + (i == 8 ? 42 - 9 + 1 + 38 : 0);
            text += $"4 9 INCR k {chain[i]} -> {sum}\n";
        }
        var history = Histories.Parse($"{text}10 11 GET k -> {sum}");
        Assert.Equal(Verdict.Linearizable, Linearizability.Check(history, out _, budget: 10_000));
    }

    [Fact]
    public void Decides_random_histories_of_a_real_register_and_their_corruptions()
    {
        for (var seed = 1UL; seed <= 200; seed++)
        {
            var history = RandomHistory.Of(new SimRandom(seed), operations: 60, clients: 6);
            Assert.Equal(Verdict.Linearizable, Linearizability.Check(history, out _));
            var read = history.Last(o => o is { Kind: OperationKind.Get, Outcome: Outcome.Ok });
            read.Result = "corrupted";
            Assert.Equal(Verdict.NotLinearizable, Linearizability.Check(history, out _));
        }
    }
}
