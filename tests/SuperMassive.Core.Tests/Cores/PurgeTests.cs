namespace SuperMassive.Core.Tests.Cores;

public sealed class PurgeTests
{
    /// <summary>Twice what a slice has: a group of deletions may end beyond it.</summary>
    private const int MostAtOnce = 2 * 4_096;

    [Fact]
    public void Many_deletions_are_forgotten_in_slices()
    {
        const int Batches = 20;
        const int BatchDeletions = 1_000;
        var world = CoreWorld.Start(nodes: 2);
        var client = world.Client();
        for (var batch = 0; batch < Batches; batch++)
        {
            client.Send([.. Enumerable.Range(0, BatchDeletions).Select(i => $"DEL key-{batch}-{i}")]);
            world.Run();
        }
        var table = world.Node(1).Node.Data.Table;
        Assert.Equal(Batches * BatchDeletions, table.TombstoneCount);

        var slices = new List<long>();
        for (var left = table.TombstoneCount; left > 0 && slices.Count < 1_000; left = table.TombstoneCount)
        {
            world.Tick().Run();
            slices.Add(left - table.TombstoneCount);
        }

        Assert.Equal(0, table.TombstoneCount);
        Assert.InRange(slices.Max(), 1, MostAtOnce);
        world.Settle();
        Assert.Equal(0, world.Node(2).Node.Data.Table.TombstoneCount);
    }
}
