using SuperMassive.Core.Tests.Cores;

namespace SuperMassive.Core.Tests.Replication;

/// <summary>A replica, or a primary, whose journal no longer reaches far enough back starts over from the other's checkpoint.</summary>
public sealed class CheckpointSyncTests
{
    private const int SegmentPages = 4;

    [Fact]
    public void A_fresh_replica_of_a_compacted_primary_gets_the_checkpoint_then_pages()
    {
        var world = Compacted();
        var (primary, replica) = (world.Node(1), world.Replica(1));
        world.Crash(replica.Name);
        replica.ResetJournal(0);
        world.Restart(replica.Name).Settle();
        Shards.AssertEqual(primary, replica);
        Assert.Contains(replica.Reports, line => line.Contains("starting over from the checkpoint", StringComparison.Ordinal));
        Assert.Equal(primary.JournalBytes, world.Node(1).Node.Figures().Replicas[0].LagBytes + replica.JournalBytes);
        // its checkpoint is its own now: a restart needs nothing of the primary
        world.Crash(primary.Name).Crash(replica.Name).Restart(replica.Name).Run();
        Assert.Equal("again-7", replica.Holds("key-7"));
    }

    [Fact]
    public void A_replica_that_was_away_for_too_long_starts_over()
    {
        var world = Compacted();
        world.Crash("node-1-replica-1");
        Overwrite(world, rounds: 40);
        Assert.True(world.Node(1).FirstJournalLsn > world.Replica(1).JournalBytes, "the primary keeps what the replica lacks");
        world.Restart("node-1-replica-1").Settle();
        Shards.AssertEqual(world.Node(1), world.Replica(1));
    }

    [Fact]
    public void A_replica_that_is_away_for_a_moment_goes_on_where_it_was()
    {
        var world = Compacted(retentionBytes: 1 << 20);
        world.Crash("node-1-replica-1");
        Overwrite(world, rounds: 10);
        world.Replica(1).Reports.Clear();
        world.Restart("node-1-replica-1").Settle();
        Shards.AssertEqual(world.Node(1), world.Replica(1));
        Assert.DoesNotContain(world.Replica(1).Reports, line => line.Contains("starting over", StringComparison.Ordinal));
    }

    [Fact]
    public void A_primary_that_lost_its_disk_takes_back_a_compacted_replicas_checkpoint_and_pages()
    {
        var world = Compacted();
        Assert.True(world.Replica(1).FirstJournalLsn > 0, "the replica holds its whole journal");
        world.Crash("node-1");
        world.Node(1).ResetJournal(0);
        world.Restart("node-1").Settle();
        Assert.Equal("again-7", world.Node(1).Holds("key-7"));
        Shards.AssertEqual(world.Node(1), world.Replica(1));
        world.Client().Says("GET key-7", "key-7 again-7");
    }

    [Fact]
    public void A_primary_that_lost_its_tail_takes_it_back_though_the_replica_checkpointed_behind_it()
    {
        var world = Compacted();
        var (primary, replica) = (world.Node(1), world.Replica(1));
        world.Pass(200);
        var keptBytes = primary.JournalBytes;
        primary.CheckpointProblem = "no space left on device";
        Overwrite(world, rounds: 30);
        world.Client().Says("PUT last word", "OK key-value written");
        Assert.True(replica.Node.CheckpointEndLsn > keptBytes, "the replica's checkpoint does not reach behind the tail");
        world.Crash("node-1");
        primary.TruncateJournal(keptBytes);
        primary.CheckpointProblem = null;
        world.Restart("node-1").Settle();
        Assert.Equal("word", primary.Holds("last"));
        Shards.AssertEqual(primary, replica);
    }

    /// <summary>Kills one side after each batch of a sync by checkpoint, once.</summary>
    [Theory]
    [InlineData("node-1-replica-1")]
    [InlineData("node-1")]
    public void Killed_at_any_step_it_starts_over_and_ends_equal(string victim)
    {
        var killed = 0;
        for (var steps = 1; steps < 60; steps++)
        {
            var world = Compacted(valueBytes: steps % 4 == 0 ? 90_000 : 40);
            world.Crash("node-1-replica-1");
            world.Replica(1).ResetJournal(0);
            world.Restart("node-1-replica-1").Pass(10).Steps(steps);
            if (world.Replica(1).Node.Figures().IsInSync)
                continue;
            killed++;
            world.Crash(victim).Restart(victim);
            Assert.False(world.Replica(1).Node.Figures().IsInSync);
            world.Settle();
            Shards.AssertEqual(world.Node(1), world.Replica(1));
        }
        Assert.True(killed > 3, $"killed only {killed} times");
    }

    [Fact]
    public void What_was_left_half_way_amounts_to_nothing_after_a_restart()
    {
        var world = Compacted();
        var replica = world.Replica(1);
        world.Crash(replica.Name);
        replica.ResetJournal(0);
        replica.CheckpointProblem = "no space left on device";
        world.Restart(replica.Name).Pass(3_000);
        Assert.False(replica.Node.Figures().IsInSync);
        Assert.Contains(replica.Reports, line => line.Contains("no space left", StringComparison.Ordinal));
        Assert.DoesNotContain(world.Node(1).Reports, line => line.StartsWith("ProtocolViolation", StringComparison.Ordinal));
        replica.CheckpointProblem = null;
        world.Pass(3_000);
        Shards.AssertEqual(world.Node(1), replica);
    }

    [Fact]
    public void A_write_is_not_acknowledged_by_a_replica_that_would_lose_it_with_its_unfinished_checkpoint()
    {
        var world = Compacted(acks: 1);
        var (primary, replica) = (world.Node(1), world.Replica(1));
        var client = world.Client();
        world.Crash(replica.Name);
        replica.ResetJournal(0);
        replica.HoldsSyncs = true;
        world.Restart(replica.Name).Pass(1_000);
        client.Send("PUT new value");
        world.Pass(500);
        Assert.Equal("", client.Replies);
        Assert.Equal("value", replica.Holds("new"));
        replica.FinishSync();
        world.Settle();
        Assert.Equal("OK key-value written", client.Replies);
        Shards.AssertEqual(primary, replica);
    }

    [Fact]
    public void A_replica_forgets_nothing_before_its_primary_has_it_on_the_disk()
    {
        var world = CoreWorld.Start(nodes: 1, replicas: 1);
        var (primary, replica) = (world.Node(1), world.Replica(1));
        world.Client().Send("PUT key value");
        world.Settle();
        var held = replica.Journal.ToArray();
        world.Crash(primary.Name);
        primary.ResetJournal(0);
        primary.HoldsSyncs = true;
        world.Restart(primary.Name).Pass(1_000);
        Assert.Equal("value", primary.Holds("key"));
        Assert.Equal(held, replica.Journal);
        primary.FinishSync();
        world.Settle();
        Assert.NotEqual(held, replica.Journal);
        Shards.AssertEqual(primary, replica);
    }

    /// <summary>A primary that has let go of the beginning of its journal, and its replica, which has too.</summary>
    private static CoreWorld Compacted(int valueBytes = 40, int acks = 0, long retentionBytes = 0)
    {
        var world = CoreWorld.Start(nodes: 1, replicas: 1, segmentPages: SegmentPages,
            node: settings => settings with { ReplicaAcks = settings.IsReplica ? 0 : acks, JournalRetentionBytes = retentionBytes });
        var client = world.Client();
        for (var i = 0; i < 20; i++)
            client.Send($"PUT key-{i} {new string('v', valueBytes)}");
        world.Run();
        _ = client.Replies;
        if (retentionBytes == 0)
            Overwrite(world, rounds: 30);
        return world;
    }

    private static void Overwrite(CoreWorld world, int rounds)
    {
        var client = world.Client();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < 20; i++)
                client.Send(i % 10 == 7 ? $"PUT key-{i} again-{i}" : $"PUT key-{i} {round} {new string('w', 60)}");
            client.Send($"PUT brief-{round} x", $"DEL brief-{round}");
            world.Pass(20);
        }
        _ = client.Replies;
    }
}
