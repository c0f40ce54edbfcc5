namespace SuperMassive.Core.Tests.Cores;

/// <summary>What semantics.md promises of each command, without and with a primary down.</summary>
public sealed class BehaviourTests
{
    [Fact]
    public void Writes_go_round_the_primaries()
    {
        var world = CoreWorld.Start(nodes: 3);
        var client = world.Client();
        for (var i = 0; i < 9; i++)
            client.Says($"PUT key-{i} value", "OK key-value written");
        for (var n = 1; n <= 3; n++)
            Assert.Equal(3, world.Node(n).Node.Data.Table.LiveCount);
    }

    [Fact]
    public void An_overwrite_leaves_one_copy()
    {
        var world = CoreWorld.Start(nodes: 3);
        var client = world.Client();
        for (var i = 0; i < 5; i++)
            client.Says($"PUT key {i}", "OK key-value written").Says("GET key", $"key {i}");
        Assert.Equal(1, Enumerable.Range(1, 3).Count(n => world.Node(n).Holds("key") is not null));
    }

    [Fact]
    public void A_write_fails_over_with_the_same_version()
    {
        var world = CoreWorld.Start(nodes: 2);
        var client = world.Client();
        world.Hold("node-1", "cluster");
        client.Send("PUT key value");
        world.Run();
        Assert.Equal("value", world.Node(1).Holds("key"));
        world.Reset("cluster", "node-1").Release("node-1", "cluster").Run();
        Assert.Equal("OK key-value written", client.Replies);
        world.Settle();
        Assert.Equal(1, Enumerable.Range(1, 2).Count(n => world.Node(n).Holds("key") == "value"));
        client.Says("GET key", "key value");
    }

    [Fact]
    public void A_deletion_reaches_a_primary_that_was_down_and_is_then_forgotten()
    {
        var world = CoreWorld.Start(nodes: 2);
        var client = world.Client().Says("PUT key value", "OK key-value written");
        world.Crash("node-1").Run();
        client.Says("DEL key", "ERR key-value unavailable").Says("GET key", "ERR key-value not found");
        world.Restart("node-1").Settle();
        client.Says("GET key", "ERR key-value not found");
        world.Settle();
        Assert.Null(world.Node(1).Holds("key"));
        Assert.Null(world.Node(2).Holds("key"));
    }

    [Fact]
    public void Concurrent_increments_all_count()
    {
        var world = CoreWorld.Start(nodes: 2);
        var clients = Enumerable.Range(0, 4).Select(_ => world.Client()).ToArray();
        clients[0].Says("PUT counter 0", "OK key-value written");
        foreach (var client in clients)
            client.Send([.. Enumerable.Repeat("INCR counter", 25)]);
        world.Run();
        clients[0].Send("GET counter");
        world.Run();
        Assert.EndsWith("counter 100", clients[0].Replies);
    }

    [Fact]
    public void A_scan_merges_sorts_and_pages()
    {
        var world = CoreWorld.Start(nodes: 3);
        var client = world.Client();
        for (var i = 9; i >= 0; i--)
            client.Says($"PUT key-{i} {i}", "OK key-value written");
        client.Says("DEL key-4", "OK key-value deleted");
        client.Says("REGX ^key 3 2", "OK key-3 3 | key-5 5");
        client.Says("REGX ^nothing", "ERR no keys found");
    }

    [Fact]
    public void A_pipeline_reads_what_it_wrote_and_nothing_later()
    {
        var world = CoreWorld.Start(nodes: 2);
        var client = world.Client().Send("PUT key 1", "GET key", "PUT key 2", "GET key", "INCR key", "GET key", "DEL key", "GET key");
        world.Run();
        Assert.Equal(
            "OK key-value written | key 1 | OK key-value written | key 2 | key 3 | key 3 | OK key-value deleted | ERR key-value not found",
            client.Replies);
    }

    [Fact]
    public void A_replica_answers_for_its_primary()
    {
        var world = CoreWorld.Start(nodes: 2, replicas: 1);
        var client = world.Client().Says("PUT key value", "OK key-value written").Says("PUT other value", "OK key-value written");
        world.Crash("node-1").Run();
        client.Says("GET key", "key value").Says("GET nothing", "ERR key-value not found").Says("REGX .", "OK key value | other value");
    }

    [Fact]
    public void Without_a_replica_the_newest_is_unavailable_until_the_primary_is_back()
    {
        var world = CoreWorld.Start(nodes: 2);
        var client = world.Client().Says("PUT key value", "OK key-value written");
        world.Crash("node-1").Run();
        client.Says("GET key", "ERR key-value unavailable");
        world.Restart("node-1").Settle();
        client.Says("GET key", "key value");
    }

    [Fact]
    public void Everything_is_there_after_all_processes_restarted()
    {
        var world = CoreWorld.Start(nodes: 2, replicas: 1);
        var client = world.Client();
        for (var i = 0; i < 20; i++)
            client.Says($"PUT key-{i} {i}", "OK key-value written");
        string[] names = ["cluster", "node-1", "node-2", "node-1-replica-1", "node-2-replica-1"];
        foreach (var name in names)
            world.Crash(name);
        foreach (var name in names)
            world.Restart(name);
        world.Settle();
        client = world.Client();
        for (var i = 0; i < 20; i++)
            client.Says($"GET key-{i}", $"key-{i} {i}");
    }
}
