using System.Text;

namespace SuperMassive.Core.Tests.Cores;

/// <summary>
/// A node whose replies are none, or cannot be true: the link ends, whoever waited is answered, and the node is let in again once it
/// makes sense.
/// </summary>
public sealed class MalformedReplyTests
{
    [Theory]
    [InlineData("*5\r\n:0\r\n", "*5\r\n:7\r\n")] // a state that there is not
    [InlineData("*5\r\n:0\r\n", "*5\r\n:x\r\n")]
    [InlineData("*5\r\n:0\r\n", "*4\r\n:0\r\n")] // entries without a version
    [InlineData("*5\r\n:0\r\n", "*1\r\n:0\r\n")]
    [InlineData("$1\r\na\r\n$3\r\none\r\n", "$-1\r\n$3\r\none\r\n")] // no key
    [InlineData("$1\r\na\r\n$3\r\none\r\n", ":1\r\n$3\r\none\r\n")]
    [InlineData("*5\r\n:0\r\n", "*8\r\n:0\r\n")] // more is announced than comes
    [InlineData("*5\r\n", "*9999999\r\n")]
    public void A_page_of_a_scan_that_is_no_page_ends_the_link_and_the_scan_is_answered(string truth, string forgery)
    {
        var world = CoreWorld.Start(nodes: 2);
        var client = world.Client().Says("PUT a one", "OK key-value written").Says("PUT b two", "OK key-value written");
        var isForged = true;
        world.Forge("node-1", "cluster", bytes => isForged ? Replace(bytes, truth, forgery) : bytes);
        client.Send("REGX .");
        world.Pass(6_000);
        Assert.Equal("ERR key-value unavailable", client.Replies);
        isForged = false;
        world.Settle();
        client.Says("REGX .", "OK a one | b two");
    }

    [Fact]
    public void Pages_of_a_scan_that_go_back_end_the_link()
    {
        var world = CoreWorld.Start(nodes: 2);
        var client = world.Client();
        client.Send([.. Enumerable.Range(100, 700).Select(i => $"PUT key-{i} value")]);
        world.Run();
        Assert.Equal(700, client.Replies.Split(" | ").Length);
        // more is to follow, for ever
        world.Forge("node-1", "cluster", bytes => Replace(bytes, ":0\r\n:", ":1\r\n:"));
        client.Send("REGX ^key-1");
        world.Pass(1_000);
        Assert.Equal("ERR key-value unavailable", client.Replies);
        Assert.Contains(world.Cluster.Reports,
            report => report.StartsWith("ProtocolViolation node-1 a page of SCAN", StringComparison.Ordinal));
    }

    [Fact]
    public void A_page_of_a_scan_out_of_order_ends_the_link()
    {
        var world = CoreWorld.Start(nodes: 1);
        var client = world.Client().Says("PUT a 1", "OK key-value written").Says("PUT b 2", "OK key-value written");
        world.Forge("node-1", "cluster", bytes => Replace(bytes, "$1\r\na\r\n", "$1\r\nc\r\n"));
        client.Says("REGX .", "ERR key-value unavailable");
    }

    [Theory]
    [InlineData("*4\r\n:0\r\n", "*4\r\n:x\r\n")]
    [InlineData("*4\r\n:0\r\n", "*3\r\n:0\r\n")]
    [InlineData("*4\r\n:0\r\n", "*1\r\n:0\r\n")]
    [InlineData("$4\r\ngone\r\n:", "$-1\r\n:")]
    [InlineData("$4\r\ngone\r\n:", "$4\r\ngone\r\n$1\r\nx\r\n:")]
    public void A_list_of_deletions_that_is_none_is_not_taken_for_an_empty_one(string truth, string forgery)
    {
        var world = CoreWorld.Start(nodes: 2);
        var client = world.Client().Says("PUT gone value", "OK key-value written");
        world.Crash("node-1").Run();
        client.Says("DEL gone", "ERR key-value unavailable");
        var isForged = true;
        world.Forge("node-2", "cluster", bytes => isForged ? Replace(bytes, truth, forgery) : bytes);
        world.Restart("node-1").Pass(1_000);
        client.Says("GET gone", "ERR key-value unavailable");
        Assert.Contains(world.Cluster.Reports, report => report.StartsWith("ProtocolViolation node-2", StringComparison.Ordinal));
        isForged = false;
        world.Pass(8_000);
        client.Says("GET gone", "ERR key-value not found").Says("REGX .", "ERR no keys found");
        Assert.Null(world.Node(1).Holds("gone"));
    }

    [Fact]
    public void A_list_that_never_ends_is_not_followed()
    {
        var world = CoreWorld.Start(nodes: 2);
        var client = world.Client().Says("PUT key value", "OK key-value written");
        world.Crash("node-1").Restart("node-1");
        // the next page begins where this one did; JOIN, which has six elements, is left alone
        world.Forge("node-1", "cluster", bytes => Replace(Replace(bytes, "*2\r\n:0\r\n", "*2\r\n:1\r\n"), "*4\r\n:0\r\n", "*4\r\n:1\r\n"));
        world.Settle();
        Assert.Contains(world.Cluster.Reports, report => report.Contains("does not advance", StringComparison.Ordinal));
        client.Says("PUT other value", "OK key-value written");
    }

    [Theory]
    [InlineData("*6\r\n", "*5\r\n")]
    [InlineData("*6\r\n$", "*2\r\n$")]
    public void A_node_that_joins_in_words_that_are_none_is_not_let_in(string truth, string forgery)
    {
        var world = CoreWorld.Start(nodes: 2);
        var isForged = true;
        world.Crash("node-1").Forge("node-1", "cluster", bytes => isForged ? Replace(bytes, truth, forgery) : bytes)
            .Restart("node-1").Settle();
        Assert.Equal(1, world.Cluster.Cluster.Figures().HealthyPrimaries);
        isForged = false;
        world.Settle();
        Assert.Equal(2, world.Cluster.Cluster.Figures().HealthyPrimaries);
    }

    private static byte[] Replace(byte[] bytes, string truth, string forgery) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes).Replace(truth, forgery, StringComparison.Ordinal));
}
