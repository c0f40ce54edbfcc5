using SuperMassive.Core.Tests.Cores;

namespace SuperMassive.Core.Tests.Replication;

/// <summary>With <c>replica-acks: k</c> an OK means that k replicas have applied the write; without them there is none.</summary>
public sealed class ReplicaAcksTests
{
    private const int LongerThanAnyTimeoutMs = 11_000;

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(1, 3)]
    [InlineData(3, 3)]
    public void A_write_is_answered_when_k_replicas_have_it_and_not_before(int acks, int replicas)
    {
        var world = World(acks, replicas);
        var client = world.Client();
        for (var r = 1; r <= replicas; r++)
            world.Hold("node-1", Replica(r));
        client.Send("PUT key value");
        for (var r = 1; r <= replicas; r++)
        {
            world.Run();
            Assert.Equal("", client.Replies);
            world.Release("node-1", Replica(r)).Run();
            if (r < acks)
                continue;
            Assert.Equal("OK key-value written", client.Replies);
            return;
        }
    }

    [Fact]
    public void A_reply_held_back_is_as_good_as_an_acknowledgement_that_never_came()
    {
        var world = World(acks: 2, replicas: 2);
        var client = world.Client();
        world.Hold(Replica(2), "node-1");
        client.Send("PUT key value");
        world.Pass(1_000);
        Assert.Equal("", client.Replies);
        world.Release(Replica(2), "node-1").Run();
        Assert.Equal("OK key-value written", client.Replies);
    }

    [Fact]
    public void With_too_few_replicas_a_write_ends_as_a_timeout_which_says_nothing_about_it()
    {
        var world = World(acks: 2, replicas: 2);
        var client = world.Client();
        world.Crash(Replica(2));
        client.Send("PUT key value");
        world.Pass(LongerThanAnyTimeoutMs);
        Assert.Equal("ERR timeout", client.Replies);
        world.Restart(Replica(2)).Settle().Settle();
        client.Says("PUT key again", "OK key-value written").Says("GET key", "key again");
        Assert.Equal(("again", "again"), (Holds(world, 1), Holds(world, 2)));
    }

    [Fact]
    public void Nobody_is_shown_what_too_few_replicas_have()
    {
        var world = World(acks: 1, replicas: 1);
        var client = world.Client().Says("PUT key old", "OK key-value written");
        var other = world.Client();
        world.Hold("node-1", Replica(1));
        client.Send("PUT key new");
        world.Run();
        other.Send("GET key");
        world.Pass(100);
        Assert.Equal("", other.Replies);
        world.Release("node-1", Replica(1)).Run();
        Assert.Equal("key new", other.Replies);
    }

    /// <summary>The configuration file does not allow it; were it so, the primary would take no writes rather than lie about one.</summary>
    [Fact]
    public void With_more_than_are_configured_nothing_is_taken()
    {
        var world = World(acks: 3, replicas: 2);
        var client = world.Client();
        client.Send("PUT key value");
        world.Pass(LongerThanAnyTimeoutMs);
        Assert.Equal("ERR no primary nodes available", client.Replies);
        Assert.Null(Holds(world, 1));
    }

    [Fact]
    public void Many_slow_replicas_cost_a_bounded_window_each()
    {
        const int Replicas = 6;
        const int WindowBytes = 4 << 20;
        const int Slack = 512 << 10;
        var world = CoreWorld.Start(nodes: 1, Replicas);
        var client = world.Client();
        for (var r = 1; r <= Replicas; r++)
            world.Hold("node-1", Replica(r));
        var value = new string('v', 900_000);
        for (var i = 0; i < 16; i++)
        {
            client.Send($"PUT key-{i} {value}");
            world.Pass(20);
        }
        Assert.Equal(16, client.Replies.Split(" | ").Length);
        Assert.True(world.Node(1).JournalBytes > 3 * WindowBytes, "more was written than a window");
        var buffered = world.Node(1).Channels.Where(c => c.Peer.Contains("replica", StringComparison.Ordinal))
            .Select(c => c.BufferedBytes).ToList();
        Assert.Equal(Replicas, buffered.Count);
        Assert.All(buffered, bytes => Assert.InRange(bytes, 1, WindowBytes + Slack));
        for (var r = 1; r <= Replicas; r++)
            world.Release("node-1", Replica(r));
        world.Run();
        for (var r = 1; r <= Replicas; r++)
            Assert.Equal(world.Node(1).JournalBytes, ((WorldNode)world.Find(Replica(r))!).JournalBytes);
    }

    private static CoreWorld World(int acks, int replicas) =>
        CoreWorld.Start(nodes: 1, replicas, node: settings => settings with { ReplicaAcks = settings.IsReplica ? 0 : acks });

    private static string Replica(int number) => $"node-1-replica-{number}";

    private static string? Holds(CoreWorld world, int replica) => ((WorldNode)world.Find(Replica(replica))!).Holds("key");
}
