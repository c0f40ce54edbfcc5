namespace SuperMassive.Core.Tests.Cores;

/// <summary>What is to be dropped while something that began earlier may still read it.</summary>
public sealed class DropTests
{
    private const int Keys = 100;

    [Fact]
    public void What_waits_for_a_scan_is_bounded_and_a_scan_beyond_that_is_given_up()
    {
        var (world, scanner) = ScanThatWaits(outputBytes: 2_000);
        Overwrite(world);
        Assert.Equal("ERR too many keys were overwritten while REGX ran (over 2000 bytes): use offset and limit", scanner.Replies);
        world.Pass(100);
        AssertOneCopyOfEach(world);
        scanner.Send("GET key-7").Send("REGX ^key-7$");
        world.Release("cluster", "node-2-replica-1").Run();
        Assert.Equal("key-7 new | OK key-7 new", scanner.Replies.TrimEnd(' ', '|'));
    }

    [Fact]
    public void What_waits_for_a_scan_goes_when_it_is_over()
    {
        var (world, scanner) = ScanThatWaits(outputBytes: 1 << 20);
        Overwrite(world);
        Assert.Equal(Keys, world.Node(2).Node.Data.Table.LiveCount);
        Assert.Equal("", scanner.Replies);
        world.Release("cluster", "node-2-replica-1").Pass(100);
        Assert.Contains("key-0 old", scanner.Replies, StringComparison.Ordinal);
        AssertOneCopyOfEach(world);
    }

    [Fact]
    public void A_scan_that_has_passed_a_key_holds_nothing_of_it_back()
    {
        var (world, _) = ScanThatWaits(outputBytes: 1 << 20);
        var client = world.Client().Says("PUT other 1", "OK key-value written");
        if (world.Node(1).Holds("other") is null)
            client.Says("PUT other 2", "OK key-value written");
        Assert.NotNull(world.Node(1).Holds("other"));
        client.Says("PUT other 3", "OK key-value written"); // on node-2; node-1 has answered the scan already
        Assert.Null(world.Node(1).Holds("other"));
    }

    /// <summary>A REGX whose second primary is away, and that primary's replica is slow; the keys are all there.</summary>
    private static (CoreWorld World, WorldClient Scanner) ScanThatWaits(int outputBytes)
    {
        var world = CoreWorld.Start(2, 1, settings => settings with { Limits = new Limits { OutputBytes = outputBytes } });
        var client = world.Client();
        for (var i = 0; i < Keys; i++)
        {
            client.Says($"PUT filler-{i} 0", "OK key-value written");
            client.Says($"PUT key-{i} old", "OK key-value written");
        }
        for (var i = 0; i < Keys; i++)
            client.Says($"DEL filler-{i}", "OK key-value deleted");
        world.Settle();
        Assert.Equal(Keys, world.Node(2).Node.Data.Table.LiveCount);
        world.Cut("cluster", "node-2").Run().Hold("cluster", "node-2-replica-1");
        var scanner = world.Client().Send("REGX ^key");
        world.Run().Mend("cluster", "node-2").Pass(2_000);
        Assert.Equal("", scanner.Replies);
        return (world, scanner);
    }

    /// <summary>Every key of node-2 goes to node-1 or stays where it is, whichever comes next.</summary>
    private static void Overwrite(CoreWorld world)
    {
        var client = world.Client();
        for (var i = 0; i < Keys; i++)
        {
            client.Send($"PUT key-{i} new");
            world.Run();
        }
    }

    private static void AssertOneCopyOfEach(CoreWorld world) =>
        Assert.Equal(Keys, world.Node(1).Node.Data.Table.LiveCount + world.Node(2).Node.Data.Table.LiveCount);
}
