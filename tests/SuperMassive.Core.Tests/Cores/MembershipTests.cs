namespace SuperMassive.Core.Tests.Cores;

/// <summary>Joining, leaving and coming back, while replies are late.</summary>
public sealed class MembershipTests
{
    [Fact]
    public void A_node_is_admitted_once_however_often_the_epoch_rises_meanwhile()
    {
        var world = CoreWorld.Start(nodes: 2);
        world.Crash("cluster").Run();
        // as if the state file were restored from long ago: node-1 obeys a higher epoch, node-2 a lower one
        world.Cluster.State = world.Cluster.State with { Epoch = 0 };
        world.Crash("node-2");
        world.Node(2).TruncateJournal(0);
        world.Restart("node-2").Hold("node-2", "cluster");
        world.Restart("cluster").Pass(500);
        world.Release("node-2", "cluster").Settle();
        var client = world.Client();
        client.Send("STAT");
        world.Run();
        Assert.Contains("primaries_healthy 2 of 2", client.Replies);
    }

    [Fact]
    public void A_raised_epoch_is_saved_even_when_a_save_is_under_way()
    {
        var world = CoreWorld.Start(nodes: 1);
        world.Crash("cluster").Run();
        world.Cluster.State = world.Cluster.State with { Epoch = 0 };
        world.Restart("cluster").Pass(1_000);
        world.Client().Says("PUT key value", "OK key-value written");
    }

    [Fact]
    public void Late_answers_to_an_admission_that_was_given_up_do_not_count_for_the_next()
    {
        var world = CoreWorld.Start(nodes: 2);
        var client = world.Client().Says("PUT key value", "OK key-value written");
        world.Cut("cluster", "node-1").Run();
        client.Says("DEL key", "ERR key-value unavailable");
        // the first admission asks node-2 for its tombstones, whose answer is late
        world.Hold("node-2", "cluster").Mend("cluster", "node-1").Pass(2_500);
        world.Reset("cluster", "node-1").Run();
        world.Hold("node-1", "cluster").Pass(500);
        world.Release("node-2", "cluster").Run();
        world.Release("node-1", "cluster").Run();
        world.Settle();
        client.Says("GET key", "ERR key-value not found");
        Assert.DoesNotContain(world.Cluster.Reports, r => r.Contains("malformed", StringComparison.Ordinal));
        client.Send("STAT");
        world.Run();
        Assert.Contains("primaries_healthy 2 of 2", client.Replies);
        Assert.Null(world.Node(1).Holds("key"));
    }

    [Fact]
    public void A_key_known_to_be_missing_is_found_when_its_shard_comes_back_into_the_configuration()
    {
        var world = CoreWorld.Start(nodes: 2);
        var client = world.Client().Says("PUT key value", "OK key-value written");
        var all = world.Cluster.Settings;
        world.Cluster.Settings = all with { Shards = [all.Shards[1]] };
        client.Says("RCNF", "OK configs reloaded").Says("GET key", "ERR key-value not found");
        world.Cluster.Settings = all;
        client.Says("RCNF", "OK configs reloaded");
        world.Settle();
        client.Says("GET key", "key value");
    }

    [Fact]
    public void A_read_does_not_see_a_later_write_of_its_own_pipeline()
    {
        var world = CoreWorld.Start(nodes: 2);
        var client = world.Client();
        world.Hold("node-1", "cluster");
        client.Send("PUT key 1", "GET key", "PUT key 2");
        world.Run().Release("node-1", "cluster").Run();
        Assert.Equal("OK key-value written | key 1 | OK key-value written", client.Replies);
    }

    [Fact]
    public void The_acknowledged_copy_is_kept_while_the_other_is_only_on_a_replica()
    {
        var world = CoreWorld.Start(nodes: 2, replicas: 1, cluster: s => s with { HintCapacity = 4 });
        var client = world.Client();
        world.Hold("node-1", "cluster");
        client.Send("PUT key value");
        world.Run().Cut("cluster", "node-1").Release("node-1", "cluster").Run();
        Assert.Equal("OK key-value written", client.Replies);
        for (var i = 0; i < 8; i++)
            client.Says($"PUT other-{i} value", "OK key-value written");
        client.Says("GET key", "key value");
        Assert.Equal("value", world.Node(2).Holds("key"));
    }

    [Fact]
    public void A_deleted_key_does_not_come_back_with_a_replica_that_was_away()
    {
        var world = CoreWorld.Start(nodes: 2, replicas: 1);
        var client = world.Client();
        var lsn = world.Node(1).JournalBytes;
        client.Says("PUT key value", "OK key-value written");
        // a power cut takes the primary's unsynced tail; the replica, which has it, is away
        world.Crash("node-1").Crash("node-1-replica-1").Run();
        world.Node(1).TruncateJournal(lsn);
        world.Restart("node-1").Settle();
        client.Says("DEL key", "ERR key-value not found");
        world.Settle();
        Assert.Null(world.Node(1).Holds("key"));
        world.Restart("node-1-replica-1").Settle();
        Assert.Null(world.Node(1).Holds("key"));
        Assert.Null(world.Replica(1).Holds("key"));
        client.Says("REGX .", "ERR no keys found");
        world.Crash("node-1").Run();
        client.Says("GET key", "ERR key-value not found");
    }
}
