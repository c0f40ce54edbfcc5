using System.Text;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;
using SuperMassive.Core.Storage;
using SuperMassive.Core.Tests.Cores;
using Record = SuperMassive.Core.Journal.Record;

namespace SuperMassive.Core.Tests.Replication;

/// <summary>A table that was changed behind the core's back is found by its digests and made equal again.</summary>
public sealed class ComparisonTests
{
    private const int MoreThanAMinuteMs = 61_000;

    [Fact]
    public void Equal_tables_are_compared_after_a_sync_and_every_minute()
    {
        var world = World();
        world.Client().Says("PUT key value", "OK key-value written");
        var before = Compared(world);
        Assert.True(before.ComparedLsn > 0, "nothing was compared after the sync");
        world.Pass(MoreThanAMinuteMs);
        var after = Compared(world);
        Assert.Equal(world.Node(1).JournalBytes, after.ComparedLsn);
        Assert.Equal(0, after.Found);
        AssertEqual(world);
    }

    [Theory]
    [InlineData("another value")]
    [InlineData("a value that is not there")]
    [InlineData("a missing value")]
    [InlineData("a deletion")]
    [InlineData("a deletion that is not there")]
    [InlineData("an older version")]
    public void A_corrupted_replica_is_found_and_made_equal(string how)
    {
        var world = World();
        Corrupt(world.Replica(1).Node.Data, how);
        world.Pass(MoreThanAMinuteMs);
        AssertEqual(world);
        AssertRepaired(world, buckets: 1);
        Assert.Contains(world.Replica(1).Reports, line => line.StartsWith("ReplicaOutOfSync", StringComparison.Ordinal));
        Assert.Equal("v7", world.Replica(1).Holds("key-7"));
    }

    [Fact]
    public void What_the_primary_lost_is_taken_back_through_its_journal()
    {
        var world = World();
        world.Node(1).Node.Data.Forget("key-7"u8);
        world.Pass(MoreThanAMinuteMs);
        Assert.Equal("v7", world.Node(1).Holds("key-7"));
        AssertEqual(world);
        AssertRepaired(world, buckets: 1);
        world.Crash("node-1").Restart("node-1").Settle();
        Assert.Equal("v7", world.Node(1).Holds("key-7"));
    }

    [Fact]
    public void What_may_have_been_deleted_and_forgotten_is_not_taken_back()
    {
        var world = World();
        var data = world.Replica(1).Node.Data;
        data.Replace(new SuperMassive.Core.Storage.Entry("ghost"u8, "old"u8, new Version(1), isTombstone: false));
        world.Client().Says("DEL key-1", "OK key-value deleted");
        world.Pass(MoreThanAMinuteMs);
        Assert.True(world.Node(1).Node.Data.PurgedThrough > Version.None, "the deletion was purged");
        Assert.Null(world.Replica(1).Holds("ghost"));
        Assert.Null(world.Node(1).Holds("ghost"));
        AssertEqual(world);
    }

    [Fact]
    public void A_wholly_different_table_is_made_equal_in_bounded_messages_while_writes_go_on()
    {
        var world = World(keys: 8_000);
        var data = world.Replica(1).Node.Data;
        for (var i = 0; i < 8_000; i += 2)
            data.Forget(Encoding.ASCII.GetBytes($"key-{i}"));
        for (var i = 0; i < 2_000; i++)
            data.Replace(
                new SuperMassive.Core.Storage.Entry(Encoding.ASCII.GetBytes($"ghost-{i}"), "x"u8, new Version(1), isTombstone: false));
        world.Crash("node-1-replica-1").Restart("node-1-replica-1");
        world.Settle();
        AssertEqual(world);
    }

    [Fact]
    public void Writes_that_go_on_meanwhile_do_not_confuse_the_repair()
    {
        var world = World(keys: 3_000);
        var client = world.Client();
        for (var i = 0; i < 3_000; i += 3)
            world.Replica(1).Node.Data.Forget(Encoding.ASCII.GetBytes($"key-{i}"));
        world.Pass(58_000);
        for (var i = 0; i < 600; i++)
        {
            client.Send($"PUT key-{i * 5} again-{i}", $"PUT new-{i} {i}", $"DEL key-{i * 5 + 1}");
            world.Pass(10);
        }
        _ = client.Replies;
        world.Pass(MoreThanAMinuteMs);
        AssertEqual(world);
        var figures = Compared(world);
        Assert.True(figures.Found > 500 && figures.Repaired == figures.Found, figures.ToString());
    }

    private static CoreWorld World(int keys = 20)
    {
        var world = CoreWorld.Start(nodes: 1, replicas: 1);
        var client = world.Client();
        for (var i = 0; i < keys; i++)
            client.Send($"PUT key-{i} v{i}");
        world.Settle();
        Assert.Equal(keys, client.Replies.Split(" | ").Count(reply => reply == "OK key-value written"));
        return world;
    }

    private static void Corrupt(NodeData data, string how)
    {
        var hash = data.Table.Hash("key-7"u8);
        Assert.True(data.Table.TryGet("key-7"u8, hash, out var held));
        var version = held.Version;
        switch (how)
        {
            case "another value":
                data.Replace(new SuperMassive.Core.Storage.Entry("key-7"u8, "v8"u8, version, isTombstone: false));
                break;
            case "a value that is not there":
                data.Apply(new Record(RecordKind.Put, new Version(1), "ghost"u8, "boo"u8));
                break;
            case "a missing value":
                data.Forget("key-7"u8);
                break;
            case "a deletion":
                data.Replace(new SuperMassive.Core.Storage.Entry("key-7"u8, default, version, isTombstone: true));
                break;
            case "a deletion that is not there":
                data.Apply(new Record(RecordKind.Tombstone, new Version(1), "ghost"u8, default));
                break;
            default:
                data.Replace(new SuperMassive.Core.Storage.Entry("key-7"u8, "v0"u8, new Version(version.Value - 1), isTombstone: false));
                break;
        }
    }

    private static void AssertRepaired(CoreWorld world, int buckets)
    {
        var figures = Compared(world);
        Assert.Equal((0, buckets, buckets), (figures.Differing, figures.Found, figures.Repaired));
        Assert.True(world.Replica(1).Node.Figures().IsInSync);
        Assert.True(world.Node(1).Node.Figures().Replicas[0].IsInSync);
    }

    private static ComparisonFigures Compared(CoreWorld world) => world.Node(1).Node.Figures().Replicas[0].Comparison;

    private static void AssertEqual(CoreWorld world)
    {
        Assert.Equal(Sums(world.Node(1).Node.Data), Sums(world.Replica(1).Node.Data));
        Assert.Equal(world.Node(1).Journal, world.Replica(1).Journal);
        Assert.Equal(world.Node(1).Node.Data.Table.LiveCount, world.Replica(1).Node.Data.Table.LiveCount);
    }

    private static IEnumerable<UInt128> Sums(NodeData data) =>
        Enumerable.Range(0, TableDigests.Buckets).Select(bucket => data.Digests[bucket]);
}
