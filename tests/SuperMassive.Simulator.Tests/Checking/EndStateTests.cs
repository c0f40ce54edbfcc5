using SuperMassive.Simulator.Checking;
using SuperMassive.Simulator.Processes;

namespace SuperMassive.Simulator.Tests.Checking;

public sealed class EndStateTests
{
    [Theory]
    [InlineData("1 2 PUT k a -> ok", "none", "acknowledged write lost")]
    [InlineData("1 2 PUT k a -> ok\n3 4 PUT k b -> ok", "a", "acknowledged write lost")]
    [InlineData("1 2 PUT k a -> ok\n3 4 DEL k -> ok", "a", "deleted key came back")]
    [InlineData("1 2 PUT k a -> ok", "z", "never written")]
    [InlineData("1 2 DEL k -> none\n3 4 PUT k a -> ok", "none", "acknowledged write lost")]
    public void Survival_rejects(string history, string read, string says) =>
        Assert.Contains(says, Survival.Check(Histories.Parse(history), Read(read)));

    [Theory]
    [InlineData("1 2 PUT k a -> ok", "a")]
    [InlineData("1 5 PUT k a -> ok\n2 4 PUT k b -> ok", "a")]
    [InlineData("1 2 PUT k a -> ok\n3 - DEL k -> ?", "none")]
    [InlineData("1 2 PUT k a -> ok\n3 - PUT k b -> ?\n5 6 PUT k c -> ok", "b")]
    [InlineData("1 2 PUT k 5 -> ok\n3 - INCR k 1 -> ?", "6")]
    [InlineData("1 2 PUT k a -> refused", "none")]
    public void Survival_accepts(string history, string read) => Assert.Null(Survival.Check(Histories.Parse(history), Read(read)));

    [Theory]
    [InlineData("1 2 PUT k a -> ok\n3 4 DEL k -> ok", "a", true)]
    [InlineData("1 2 PUT k a -> ok\n3 4 DEL k -> ok\n5 6 PUT k b -> ok", "a", true)]
    [InlineData("1 2 PUT k a -> ok\n3 4 PUT k b -> ok", "a", false)]
    [InlineData("1 2 PUT k a -> ok\n3 - DEL k -> ?", "a", false)]
    [InlineData("1 - PUT k a -> ?\n3 4 DEL k -> ok", "a", false)]
    [InlineData("1 2 PUT k a -> ok\n3 4 DEL k -> ok", "none", false)]
    public void A_deleted_key_that_comes_back_is_found_even_where_writes_may_be_lost(string history, string read, bool isWrong) =>
        Assert.Equal(isWrong, Survival.CheckDeleted(Histories.Parse(history), Read(read)) is not null);

    [Theory]
    [InlineData("1 2 PUT k 10 -> ok\n3 4 INCR k 5 -> 15", "10")]
    [InlineData("1 2 PUT k 10 -> ok\n3 - INCR k 5 -> ?\n3 - INCR k 7 -> ?", "16")]
    [InlineData("1 2 PUT k 10 -> ok\n3 - INCR k 5 -> ?", "20")]
    [InlineData("1 2 PUT k 10 -> ok", "none")]
    [InlineData("1 2 PUT k 10 -> ok\n3 4 INCR k 0.5 -> 10.5", "10")]
    public void Counters_reject(string history, string read) => Assert.NotNull(Counters.Check(Histories.Parse(history), Read(read)));

    [Theory]
    [InlineData("1 2 PUT k 10 -> ok\n3 4 INCR k 5 -> 15", "15")]
    [InlineData("1 2 PUT k 10 -> ok\n3 - INCR k 5 -> ?\n3 - INCR k 7 -> ?", "17")]
    [InlineData("1 2 PUT k 10 -> ok\n3 4 DEL k -> ok", "77")]
    public void Counters_accept(string history, string read) => Assert.Null(Counters.Check(Histories.Parse(history), Read(read)));

    [Theory]
    [InlineData("1 2 PUT b x -> ok\n1 2 PUT a y -> ok\n5 6 REGX . -> b=x a=y", "not sorted")]
    [InlineData("1 2 PUT a y -> ok\n5 6 REGX . -> a=z", "never written")]
    [InlineData("1 2 PUT a y -> ok\n5 6 REGX . -> none", "misses a")]
    [InlineData("1 2 PUT a y -> ok\n3 4 PUT a z -> ok\n5 6 REGX . -> a=y", "was over")]
    [InlineData("1 2 PUT a y -> ok\n3 4 DEL a -> ok\n5 6 REGX . -> a=y", "came back")]
    [InlineData("5 6 REGX . -> a=y\n7 8 PUT a y -> ok", "never written")]
    [InlineData("1 2 PUT a y -> ok\n1 2 PUT b x -> ok\n5 6 REGX . 0 1 -> a=y b=x", "shows 2 keys")]
    [InlineData("1 2 PUT a y -> ok\n1 2 PUT b x -> ok\n5 6 REGX . 1 1 -> a=y", "misses b|not among")]
    [InlineData("1 2 PUT a y -> ok\n1 2 PUT b x -> ok\n1 2 PUT c x -> ok\n5 6 REGX . 1 2 -> b=x", "misses c")]
    [InlineData("1 9 PUT a y @1 -> ok\n1 9 REGX . @1 -> none", "misses a")]
    [InlineData("1 9 PUT a y @1 -> ok\n1 9 PUT a z @1 -> ok\n1 9 REGX . @1 -> a=y", "was over")]
    [InlineData("1 5 REGX . @1 -> a=y\n1 9 PUT a y @1 -> ok", "was over")]
    public void Scans_reject(string history, string says) => Assert.Matches(says, CheckScan(history));

    [Theory]
    [InlineData("1 2 PUT a y -> ok\n1 2 PUT b x -> ok\n5 6 REGX . -> a=y b=x")]
    [InlineData("1 2 PUT a y -> ok\n3 9 PUT a z -> ok\n5 6 REGX . -> a=y")]
    [InlineData("1 2 PUT a y -> ok\n3 9 DEL a -> ok\n5 6 REGX . -> none")]
    [InlineData("1 2 PUT a y -> ok\n5 6 REGX ^b -> none")]
    [InlineData("1 2 PUT a y -> ok\n1 2 PUT b x -> ok\n5 6 REGX . 1 1 -> b=x")]
    [InlineData("1 2 PUT a y -> ok\n1 2 PUT b x -> ok\n5 6 REGX . 2 5 -> none")]
    [InlineData("1 9 PUT a y -> ok\n1 2 PUT b x -> ok\n1 2 PUT c x -> ok\n5 6 REGX . 1 1 -> b=x")]
    [InlineData("1 9 PUT a y -> ok\n1 2 PUT b x -> ok\n1 2 PUT c x -> ok\n5 6 REGX . 1 1 -> c=x")]
    [InlineData("1 9 PUT a y @1 -> ok\n1 9 REGX . @2 -> a=y")]
    [InlineData("1 5 REGX . @1 -> none\n1 9 PUT a y @1 -> ok")]
    public void Scans_accept(string history) => Assert.Null(CheckScan(history));

    [Fact]
    public void Two_holders_and_a_tombstone_are_reported()
    {
        var violations = new List<Violation>();
        List<HeldKey> one = [new("a", new Version(5), "x"), new("t", new Version(6), null)];
        List<HeldKey> other = [new("a", new Version(4), "w")];
        Holders.CheckPrimaries([("node-1", one), ("node-2", other)], violations);
        Assert.Equal(["tombstones", "holders"], violations.Select(v => v.Checker).Order().Reverse());
    }

    [Fact]
    public void A_replica_that_differs_is_reported()
    {
        List<HeldKey> table = [new("a", new Version(5), "x")];
        var violations = new List<Violation>();
        Holders.CheckReplica(new("node-1", 0, [1, 2, 3], table), new("replica", 0, [1, 2, 3], table), violations);
        Holders.CheckReplica(new("node-1", 2, [0, 0, 3], table), new("replica", 1, [7, 2, 3], table), violations);
        Assert.Empty(violations);
        Holders.CheckReplica(new("node-1", 0, [1, 2, 3], table), new("replica", 0, [1, 2, 4], []), violations);
        Assert.Equal(2, violations.Count);
    }

    [Fact]
    public void Digests_that_are_not_those_of_the_table_are_reported()
    {
        var violations = new List<Violation>();
        Holders.CheckDigests(new("node-1", 0, [], []) { Digests = [1], Recounted = [1] }, violations);
        Assert.Empty(violations);
        Holders.CheckDigests(new("node-1", 0, [], []) { Digests = [1], Recounted = [2] }, violations);
        Assert.Equal("digests", Assert.Single(violations).Checker);
    }

    private static string? CheckScan(string text)
    {
        var history = new History();
        foreach (var operation in Histories.Parse(text))
            history.Add(operation);
        return Scans.Check(history.Operations.Single(o => o.Kind == OperationKind.Scan), history.ByKey());
    }

    private static Operation Read(string value) => new()
    {
        Id = 99,
        Kind = OperationKind.Get,
        Key = "k",
        InvokeUs = 1_000,
        ReturnUs = 1_001,
        Outcome = value == "none" ? Outcome.NotFound : Outcome.Ok,
        Result = value == "none" ? null : value,
    };
}
