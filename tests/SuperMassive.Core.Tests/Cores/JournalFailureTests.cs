using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;

namespace SuperMassive.Core.Tests.Cores;

/// <summary>What a node shows while its disk fails or lags must still be true after a restart.</summary>
public sealed class JournalFailureTests
{
    [Fact]
    public void A_write_that_never_reached_the_disk_does_not_replace_the_copy_that_did()
    {
        var world = CoreWorld.Start(nodes: 2);
        var client = world.Client();
        world.Node(1).IsDiskBroken = true;
        client.Says("PUT key value", "OK key-value written");
        world.Settle();
        world.Crash("node-1").Restart("node-1").Settle();
        client.Says("GET key", "key value");
    }

    [Fact]
    public void A_value_that_was_read_is_still_there_after_a_restart()
    {
        var world = CoreWorld.Start(nodes: 1);
        var client = world.Client().Says("PUT key old", "OK key-value written");
        world.Node(1).IsDiskBroken = true;
        client.Says("PUT key new", "ERR timeout");
        world.Settle();
        client.Send("GET key");
        world.Run();
        Assert.NotEqual("key new", client.Replies);
        world.Crash("node-1").Restart("node-1").Settle();
        client.Says("GET key", "key old");
    }

    [Fact]
    public void Padding_of_an_epoch_whose_record_was_lost_is_not_taken_for_what_a_replica_has_there()
    {
        var world = CoreWorld.Start(nodes: 1, replicas: 1);
        var client = world.Client().Says("PUT a 1", "OK key-value written");
        world.Settle();
        var lostFromLsn = world.Node(1).JournalBytes;
        client.Says("PUT b 2", "OK key-value written");
        world.Run();
        world.Crash("node-1").Crash("node-1-replica-1");
        world.Node(1).TruncateJournal(lostFromLsn);
        world.Restart("node-1").Run();
        world.Crash("node-1");
        world.Node(1).TruncateJournal(Page.StartOf(Page.CountFor(lostFromLsn)));
        world.Restart("node-1-replica-1").Restart("node-1").Settle();
        client.Says("GET b", "b 2");
        Assert.Equal(world.Node(1).Journal, world.Replica(1).Journal);
    }

    [Fact]
    public void Replies_that_wait_for_replicas_do_not_hold_up_a_handshake()
    {
        var world = CoreWorld.Start(nodes: 1, replicas: 1, node: s => s with { ReplicaAcks = 1 });
        var client = world.Client().Says("PUT key value", "OK key-value written");
        world.Crash("node-1-replica-1").Run();
        client.Send("PUT key value");
        world.Run();
        world.Reset("cluster", "node-1").Pass(9_000);
        Assert.DoesNotContain(world.Cluster.Reports, report => report.Contains("no answer to the handshake", StringComparison.Ordinal));
        world.Restart("node-1-replica-1").Pass(9_000);
        client.Says("PUT key again", "ERR timeout | OK key-value written");
    }

    [Fact]
    public void What_was_written_behind_reaches_a_replica_without_another_write()
    {
        var world = CoreWorld.Start(nodes: 1, replicas: 1, node: s => s with { JournalMode = JournalMode.Async });
        world.Node(1).WritesBehind = true;
        world.Cut("node-1", "node-1-replica-1");
        world.Client().Says("PUT key value", "OK key-value written");
        world.Mend("node-1", "node-1-replica-1").Settle();
        Assert.Null(world.Replica(1).Holds("key"));
        world.Node(1).WriteBehind();
        world.Run();
        Assert.Equal("value", world.Replica(1).Holds("key"));
    }

    [Fact]
    public void A_replica_goes_on_in_the_middle_of_a_record()
    {
        var world = CoreWorld.Start(nodes: 1, replicas: 1);
        world.Hold("node-1-replica-1", "node-1");
        world.Client().Says("*3\r\n$3\r\nPUT\r\n$3\r\nkey\r\n$6000000\r\n" + new string('x', 6_000_000), "+OK key-value written");
        var received = world.Replica(1).JournalBytes;
        Assert.True(received < world.Node(1).JournalBytes && received > 3_000_000, $"{received} bytes received");
        world.Release("node-1-replica-1", "node-1").Reset("node-1", "node-1-replica-1").Pass(1_000);
        Assert.Equal(world.Node(1).JournalBytes, world.Replica(1).JournalBytes);
        Assert.DoesNotContain(world.Node(1).Reports, report => report.StartsWith("ProtocolViolation", StringComparison.Ordinal));
    }
}
