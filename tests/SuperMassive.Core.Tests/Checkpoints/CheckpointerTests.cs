using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;
using SuperMassive.Core.Tests.Cores;

namespace SuperMassive.Core.Tests.Checkpoints;

/// <summary>Checkpoints as a node takes them while it serves.</summary>
public sealed class CheckpointerTests
{
    private const long SegmentPages = 16;
    private const long SegmentBytes = SegmentPages * Page.PageBytes;

    [Theory]
    [InlineData(1, 100)]
    [InlineData(300, 100)]
    [InlineData(40, 3_000)]
    public void Endless_overwrites_take_three_times_the_live_data_and_a_segment(int keys, int valueBytes)
    {
        var world = CoreWorld.Start(nodes: 1, segmentPages: SegmentPages);
        var (worst, most) = Overwrite(world, 6_000, keys, valueBytes);
        Console.WriteLine(
            $"{keys} keys of {valueBytes} bytes, {world.Node(1).JournalBytes:N0} bytes written: "
            + $"at most {most:N0} bytes of disk, {worst:P0} of the budget");
        Assert.InRange(worst, 0.0, 1.0);
        Assert.True(world.Node(1).FirstJournalLsn > 0);
    }

    [Theory]
    [InlineData(300, 100, 0)]
    [InlineData(40, 3_000, 0)]
    [InlineData(40, 3_000, 500_000)]
    public void A_replica_that_is_down_costs_no_more_than_the_retention(int keys, int valueBytes, int retentionBytes)
    {
        var world = CoreWorld.Start(
            nodes: 1, replicas: 1, node: s => s with { JournalRetentionBytes = retentionBytes }, segmentPages: SegmentPages);
        world.Crash("node-1-replica-1");
        var (worst, most) = Overwrite(world, 3_000, keys, valueBytes);
        Console.WriteLine(
            $"{keys} keys of {valueBytes} bytes, replica down, {world.Node(1).JournalBytes:N0} bytes written: "
            + $"at most {most:N0} bytes, {worst:P0} of the budget with {retentionBytes:N0} of retention");
        Assert.InRange(worst, 0.0, 1.0);
        world.Restart("node-1-replica-1").Settle().Settle();
        AssertSame(world);
    }

    [Fact]
    public void A_replica_that_is_slow_costs_no_more_either_and_catches_up_when_it_can()
    {
        var world = CoreWorld.Start(nodes: 1, replicas: 1, segmentPages: SegmentPages);
        var (worst, most) = (0.0, 0L);
        for (var i = 0; i < 20; i++)
        {
            world.Hold("node-1-replica-1", "node-1");
            var (share, bytes) = Overwrite(world, 100, 40, 3_000);
            (worst, most) = (Math.Max(worst, share), Math.Max(most, bytes));
            world.Release("node-1-replica-1", "node-1").Pass(20);
        }
        var replica = world.Replica(1).DiskBytes / (double)Budget(world.Replica(1));
        Console.WriteLine(
            $"slow replica, {world.Node(1).JournalBytes:N0} bytes written: at most {most:N0} bytes, {worst:P0} of the budget; "
            + $"its own {replica:P0}");
        Assert.InRange(worst, 0.0, 1.0);
        Assert.InRange(replica, 0.0, 1.0);
        world.Settle().Settle();
        AssertSame(world);
    }

    [Fact]
    public void Recovery_reads_the_checkpoint_and_what_follows_it()
    {
        var world = CoreWorld.Start(nodes: 1, segmentPages: SegmentPages);
        var (client, node) = (world.Client(), world.Node(1));
        for (var i = 0; i < 3_000; i++)
        {
            client.Send($"PUT key-{i % 100} value-{i}");
            world.Run();
            if (i % 50 == 0)
                world.Pass(200);
        }
        world.Pass(1_000);
        var before = DataState.Entries(node.Node.Data.Table);
        var end = node.JournalBytes;
        world.Crash("node-1").Restart("node-1").Settle();
        Assert.Equal(before, DataState.Entries(node.Node.Data.Table));
        Console.WriteLine(
            $"journal of {end:N0} bytes: recovery read a checkpoint of {node.Checkpoint.Length:N0} "
            + $"and {end - node.RecoveredFromLsn:N0} of the journal");
        Assert.InRange(end - node.RecoveredFromLsn, 0, node.Node.Data.Table.UsedBytes);
        world.Client().Says("GET key-99", "key-99 value-2999");
    }

    [Fact]
    public void A_replica_takes_its_own()
    {
        var world = CoreWorld.Start(nodes: 1, replicas: 1, segmentPages: SegmentPages);
        var client = world.Client();
        for (var i = 0; i < 1_000; i++)
        {
            client.Send($"PUT key-{i % 100} value-{i}");
            world.Pass(10);
        }
        Assert.True(world.Replica(1).Node.CheckpointLsn > 0);
        world.Pass(1_000).Crash("node-1-replica-1").Restart("node-1-replica-1").Settle();
        Assert.True(world.Replica(1).RecoveredFromLsn > 0);
        Assert.Equal(DataState.Entries(world.Node(1).Node.Data.Table), DataState.Entries(world.Replica(1).Node.Data.Table));
        Assert.Equal(world.Node(1).JournalBytes, world.Replica(1).JournalBytes);
    }

    [Fact]
    public void A_failed_one_is_tried_again_later_and_harms_nobody()
    {
        var world = CoreWorld.Start(nodes: 1, segmentPages: SegmentPages);
        var (client, node) = (world.Client(), world.Node(1));
        node.CheckpointProblem = "no space left on device";
        for (var i = 0; i < 1_000; i++)
        {
            client.Send($"PUT key-{i % 100} value-{i}");
            world.Pass(10);
        }
        var failures = node.Reports.Count(report => report.StartsWith("CheckpointFailed", StringComparison.Ordinal));
        Console.WriteLine($"failures reported in {1_000 * 10 / 1_000} s: {failures}");
        Assert.InRange(failures, 2, 8);
        Assert.Equal((0L, 0L), (node.Node.CheckpointLsn, node.FirstJournalLsn));
        node.CheckpointProblem = null;
        world.Pass(60_000);
        Assert.True(node.Node.CheckpointLsn > 0);
        world.Client().Says("GET key-99", "key-99 value-999");
    }

    [Fact]
    public void None_is_installed_before_the_journal_is_synced_as_far()
    {
        var world = CoreWorld.Start(nodes: 1, segmentPages: SegmentPages, node: s => s with { SyncIntervalMs = 100_000 });
        var (client, node) = (world.Client(), world.Node(1));
        for (var i = 0; i < 1_000; i++)
        {
            client.Send($"PUT key-{i % 100} value-{i}");
            world.Pass(10);
            Assert.True(node.Node.CheckpointEndLsn <= node.SyncedBytes);
        }
        world.Pass(100_000);
        Assert.True(node.Node.CheckpointLsn > 0);
    }

    [Fact]
    public void Small_data_is_not_written_all_the_time()
    {
        var world = CoreWorld.Start(nodes: 1, segmentPages: SegmentPages);
        var (client, node) = (world.Client(), world.Node(1));
        for (var i = 0; i < 3_000; i++)
        {
            client.Send($"PUT key value-{i}");
            world.Pass(10);
        }
        var installed = node.Reports.Count(report => report.StartsWith("CheckpointInstalled", StringComparison.Ordinal));
        Console.WriteLine($"checkpoints of one key in {node.JournalBytes:N0} bytes of journal: {installed}");
        Assert.InRange(installed, 1, node.JournalBytes / (SegmentBytes / 4) + 1);
    }

    private static long Budget(WorldNode node) =>
        3 * node.Node.Data.Table.UsedBytes + SegmentBytes + node.Settings.JournalRetentionBytes;

    private static void AssertSame(CoreWorld world)
    {
        Assert.Equal(DataState.Entries(world.Node(1).Node.Data.Table), DataState.Entries(world.Replica(1).Node.Data.Table));
        Assert.Equal(world.Node(1).JournalBytes, world.Replica(1).JournalBytes);
    }

    private static (double Worst, long MostBytes) Overwrite(CoreWorld world, int writes, int keys, int valueBytes)
    {
        var (client, node, random) = (world.Client(), world.Node(1), new Random(1));
        var (worst, mostBytes) = (0.0, 0L);
        for (var i = 0; i < writes; i++)
        {
            client.Send($"PUT key-{random.Next(keys)} {new string('x', random.Next(valueBytes / 2, valueBytes))}");
            world.Pass(10);
            worst = Math.Max(worst, node.DiskBytes / (double)Budget(node));
            mostBytes = Math.Max(mostBytes, node.DiskBytes);
        }
        return (worst, mostBytes);
    }
}
