namespace SuperMassive.Core.Tests.Cores;

/// <summary>INCR when links break: every acknowledged increment counts once, and one that was not heard of at most once.</summary>
public sealed class CountFailureTests
{
    [Fact]
    public void A_chain_whose_answers_were_lost_is_not_added_again()
    {
        var world = CoreWorld.Start(nodes: 2);
        var client = world.Client().Says("PUT counter 0", "OK key-value written");
        world.Hold("node-1", "cluster");
        client.Send("INCR counter", "INCR counter", "INCR counter");
        world.Run();
        Assert.Equal("3", world.Node(1).Holds("counter"));
        world.Release("node-1", "cluster").Reset("cluster", "node-1").Pass(500);
        Assert.Equal("ERR timeout | ERR timeout | counter 3", client.Replies);
        client.Says("GET counter", "counter 3");
    }

    [Fact]
    public void A_long_queue_on_a_lost_holder_is_answered_without_deep_recursion()
    {
        var world = CoreWorld.Start(nodes: 2);
        var clients = Enumerable.Range(0, 4).Select(_ => world.Client()).ToArray();
        clients[0].Says("PUT counter 0", "OK key-value written");
        world.Hold("node-1", "cluster");
        clients[0].Send("INCR counter");
        world.Run().Crash("node-1").Run();
        foreach (var client in clients)
            client.Send([.. Enumerable.Repeat("INCR counter", 9_000)]);
        world.Pass(1_500);
        Assert.Equal(9_000, clients[3].Replies.Split(" | ").Length);
    }

    [Fact]
    public void An_increment_is_not_computed_beside_one_that_may_have_happened()
    {
        var world = CoreWorld.Start(nodes: 2, replicas: 1);
        var client = world.Client().Says("PUT counter 0", "OK key-value written");
        world.Hold("node-1", "cluster");
        client.Send("INCR counter");
        world.Run().Crash("node-1").Run();
        client.Send("INCR counter");
        world.Pass(100).Release("node-1", "cluster").Restart("node-1").Settle();
        client.Send("GET counter");
        world.Run();
        Assert.Equal("counter 1 | counter 2 | counter 2", client.Replies);
    }
}
