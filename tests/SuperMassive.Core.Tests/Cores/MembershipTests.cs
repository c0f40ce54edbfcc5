namespace SuperMassive.Core.Tests.Cores;

/// <summary>Joining, leaving and coming back, while replies are late.</summary>
public sealed class MembershipTests
{
    [Fact]
    public void A_node_is_admitted_once_however_often_the_epoch_rises_meanwhile()
    {
        var world = CoreWorld.Start(nodes: 2);
        for (var i = 0; i < 3; i++)
            world.Crash("cluster").Restart("cluster").Settle();
        // the state file is from long ago: node-1 obeys a higher epoch, node-2 begins anew and obeys any
        world.Crash("cluster").Crash("node-2").Node(2).TruncateJournal(0);
        world.Cluster.State = world.Cluster.State with { Epoch = 0 };
        world.Cluster.HoldsSaves = true;
        world.Restart("node-2").Restart("cluster").Pass(500).Hold("node-2", "cluster");
        world.Cluster.HoldsSaves = false;
        world.Cluster.FinishSave();
        world.Pass(500).Release("node-2", "cluster").Settle();
        Assert.Contains("primaries_healthy 2 of 2", Statistics(world));
    }

    [Fact]
    public void The_highest_epoch_is_saved_even_when_a_save_is_under_way()
    {
        var world = CoreWorld.Start(nodes: 2);
        world.Crash("node-1");
        for (var i = 0; i < 3; i++)
            world.Crash("cluster").Restart("cluster").Settle();
        world.Crash("cluster").Restart("node-1");
        world.Cluster.State = world.Cluster.State with { Epoch = -1 };
        world.Cluster.HoldsSaves = true;
        world.Restart("cluster").Pass(500).Hold("node-2", "cluster");
        world.Cluster.FinishSave();
        world.Run().Release("node-2", "cluster").Run();
        world.Cluster.HoldsSaves = false;
        world.Cluster.FinishSave();
        world.Pass(2_500);
        Assert.Contains("primaries_healthy 2 of 2", Statistics(world));
    }

    [Fact]
    public void Late_answers_to_an_admission_that_was_given_up_do_not_count_for_the_next()
    {
        var world = CoreWorld.Start(nodes: 2);
        var client = world.Client().Says("PUT key value", "OK key-value written");
        world.Cut("cluster", "node-1").Run();
        client.Says("DEL key", "ERR key-value unavailable");
        // both admissions ask node-2 for its tombstones, whose answers are late
        world.Hold("node-2", "cluster").Mend("cluster", "node-1").Pass(1_500);
        world.Reset("cluster", "node-1").Pass(1_500);
        world.Release("node-2", "cluster").Settle();
        Assert.Contains("primaries_healthy 2 of 2", Statistics(world));
        client.Says("GET key", "ERR key-value not found");
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

    [Fact]
    public void A_hint_that_made_place_leaves_no_old_copy_behind()
    {
        var world = CoreWorld.Start(nodes: 2, cluster: s => s with { HintCapacity = 4 });
        var client = world.Client().Send([.. "abcdefga".Select((key, i) => $"PUT {key} {i}")]);
        world.Run();
        Assert.Equal(8, client.Replies.Split(" | ").Length);
        Assert.Null(world.Node(1).Holds("a"));
        Assert.Equal("7", world.Node(2).Holds("a"));
    }

    [Fact]
    public void A_removed_shard_takes_with_it_what_only_it_held()
    {
        var world = CoreWorld.Start(nodes: 2, replicas: 1);
        var client = world.Client().Says("PUT counter 1", "OK key-value written").Says("PUT other 1", "OK key-value written");
        world.Cluster.Settings = world.Cluster.Settings with { Shards = [world.Cluster.Settings.Shards[1]] };
        client.Says("RCNF", "OK configs reloaded");
        client.Send("PUT key value", "GET key", "INCR counter", "GET counter", "DEL other", "REGX .", "STAT");
        world.Settle();
        Assert.StartsWith(
            "OK key-value written | key value | ERR key-value not found | ERR key-value not found | OK key-value deleted | OK key value",
            client.Replies);
    }

    [Fact]
    public void A_cluster_that_is_asked_to_stop_finishes_what_was_begun_and_takes_nothing_new()
    {
        var world = CoreWorld.Start(nodes: 1);
        var client = world.Client();
        world.Hold("node-1", "cluster");
        client.Send("PUT key 1");
        world.Run();
        world.Cluster.Cluster.BeginDrain();
        client.Send("PUT key 2");
        world.Run();
        Assert.False(world.Cluster.Cluster.IsDrained);
        world.Release("node-1", "cluster").Run();
        Assert.Equal("OK key-value written", client.Replies);
        Assert.True(world.Cluster.Cluster.IsDrained);
        Assert.Equal("1", world.Node(1).Holds("key"));
    }

    private static string Statistics(CoreWorld world)
    {
        var client = world.Client().Send("STAT");
        world.Run();
        return client.Replies;
    }
}
