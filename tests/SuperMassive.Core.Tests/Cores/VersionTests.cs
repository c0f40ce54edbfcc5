namespace SuperMassive.Core.Tests.Cores;

/// <summary>Versions stay below a ceiling that is on the cluster's disk, so that the next process can begin above all of them.</summary>
public sealed class VersionTests
{
    private const int HourMs = 3_600_000;

    [Fact]
    public void A_write_waits_until_a_ceiling_above_its_version_is_saved()
    {
        var world = CoreWorld.Start(nodes: 1);
        world.JumpClock(HourMs).Client().Says("PUT key old", "OK key-value written");
        world.Crash("cluster").Crash("node-1").JumpClock(-HourMs);
        world.Cluster.State = world.Cluster.State with { Ceiling = default };
        world.Restart("cluster").Settle();
        // what the node holds lies above the saved ceiling, and the next one takes its time
        world.Cluster.HoldsSaves = true;
        world.Restart("node-1").Pass(2_500);
        var client = world.Client().Send("PUT key new", "DEL other", "INCR key");
        world.Pass(500);
        Assert.Equal("", client.Replies);
        Assert.Equal("old", world.Node(1).Holds("key"));
        world.Cluster.HoldsSaves = false;
        world.Cluster.FinishSave();
        world.Settle();
        Assert.Equal("OK key-value written | ERR key-value not found | ERR value is not a number", client.Replies);
        Assert.True(world.Cluster.State.Ceiling > world.Node(1).Node.Data.HighestVersion);
    }

    [Fact]
    public void The_next_process_begins_above_everything_that_the_last_one_may_have_assigned()
    {
        var world = CoreWorld.Start(nodes: 2);
        var client = world.Client();
        for (var round = 0; round < 3; round++)
        {
            client.Says("PUT key value", "OK key-value written");
            var ceiling = world.Cluster.State.Ceiling;
            var highest = Highest(world);
            Assert.True(highest < ceiling);
            world.JumpClock(-HourMs).Crash("cluster").Restart("cluster").Settle();
            client = world.Client().Says("PUT key value", "OK key-value written");
            Assert.True(Highest(world) >= ceiling);
        }
    }

    private static Core.Storage.Version Highest(CoreWorld world) =>
        Enumerable.Range(1, 2).Select(n => world.Node(n).Node.Data.HighestVersion).Max();
}
