using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Topology;

namespace SuperMassive.SystemTests;

/// <summary>RCNF: nodes come and go while the cluster runs; what is wrong changes nothing.</summary>
public sealed class ReloadTests(ITestOutputHelper output) : SystemTest(output)
{
    private const string Done = "OK configs reloaded\r\n";

    [Fact]
    public async Task A_node_is_added_and_removed_without_a_restart()
    {
        var topology = Prepare(new TopologySettings { Nodes = 3, Replicas = 0 });
        var all = topology.Plan.Nodes.Select(node => new ShardSettings(new PeerAddress(node.Address), [])).ToArray();
        topology.EditCluster(options => options with { Shards = all[..2] });
        await topology.StartAsync("node-1", "node-2", "cluster");
        await topology.AllHealthyAsync();
        await using var client = await topology.ConnectAsync();
        await using var connection = await RawConnection.AuthenticatedAsync(topology);
        for (var i = 0; i < 20; i++)
            await client.PutAsync($"before-{i}", $"{i}");

        await topology.StartAsync("node-3");
        topology.EditCluster(options => options with { Shards = all });
        await connection.AskAsync("RCNF\r\n", Done);
        await topology.StatisticsBecomeAsync("three healthy primaries", statistics => statistics.Cluster!["primaries_healthy"] == "3 of 3");
        for (var i = 0; i < 30; i++)
            await client.PutAsync($"after-{i}", $"{i}");
        var added = await client.GetStatisticsAsync();
        Assert.Equal(["20", "20", "10"], topology.Plan.Nodes.Select(node => added.Of(node)["keys"]));
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal($"{i}", await client.GetAsync($"after-{i}"));
            Assert.True(await client.DeleteAsync($"after-{i}"));
        }

        topology.EditCluster(options => options with { Shards = all[..2] });
        await connection.AskAsync("RCNF\r\n", Done);
        var removed = await client.GetStatisticsAsync();
        Assert.Equal(topology.Plan.Nodes.Take(2).Select(node => node.Address), removed.Primaries.Select(primary => primary.Address));
        for (var i = 0; i < 20; i++)
            await client.PutAsync($"later-{i}", $"{i}");
        var later = await client.GetStatisticsAsync();
        Assert.Equal("2 of 2", later.Cluster!["primaries_healthy"]);
        Assert.Equal(["20", "20"], topology.Plan.Nodes.Take(2).Select(node => later.Of(node)["keys"]));
        for (var i = 0; i < 20; i++)
            Assert.Equal(($"{i}", $"{i}"), (await client.GetAsync($"before-{i}"), await client.GetAsync($"later-{i}")));
        Print("node-3 took 10 of 30 keys after it was added, none after it was removed; 40 keys read right");
    }

    [Fact]
    public async Task A_replica_is_added_and_removed_without_a_restart()
    {
        var topology = Prepare(new TopologySettings { Nodes = 1, Replicas = 1 });
        var node = topology.Plan.Nodes[0];
        var replica = new PeerAddress(node.Replicas[0].Address);
        topology.EditCluster(options => options with { Shards = [new ShardSettings(new PeerAddress(node.Address), [])] });
        topology.EditNode("node-1", options => options with { Replicas = [] });
        await topology.StartAsync(topology.Names());
        await topology.AllHealthyAsync();
        await using var client = await topology.ConnectAsync();
        await using var connection = await RawConnection.AuthenticatedAsync(topology);
        await client.PutAsync("key", "value");

        topology.EditCluster(options => options with { Shards = [new ShardSettings(new PeerAddress(node.Address), [replica])] });
        topology.EditNode("node-1", options => options with { Replicas = [replica] });
        await connection.AskAsync("RCNF\r\n", Done);
        await topology.AllInSyncAsync();
        Assert.Equal("1", (await client.GetStatisticsAsync()).Of(node.Replicas[0])["keys"]);

        topology.EditCluster(options => options with { Shards = [new ShardSettings(new PeerAddress(node.Address), [])] });
        topology.EditNode("node-1", options => options with { Replicas = [] });
        await connection.AskAsync("RCNF\r\n", Done);
        Assert.Empty((await client.GetStatisticsAsync()).Replicas);
        await client.PutAsync("key", "other");
        Assert.Equal("other", await client.GetAsync("key"));
    }

    [Theory]
    [InlineData("cluster")]
    [InlineData("node-2")]
    [InlineData("node-2-replica-1")]
    public async Task A_wrong_file_anywhere_is_named_and_changes_nothing(string wrong)
    {
        var topology = Prepare(new TopologySettings { Nodes = 2, Replicas = 1 });
        await topology.StartAllAsync();
        await using var connection = await RawConnection.AuthenticatedAsync(topology);
        var file = topology.ConfigurationFile(wrong);
        var right = File.ReadAllText(file);
        // were anything swapped, the cluster would have one node less
        if (wrong != "cluster")
            topology.EditCluster(options => options with { Shards = [.. options.Shards.Take(1)] });
        File.WriteAllText(file, right + "nonsense: 1\n");
        var line = right.Count(one => one == '\n') + 1;

        await connection.SendAsync("RCNF\r\n");
        var reply = await connection.ReadLineAsync();

        Assert.StartsWith("ERR reload failed: ", reply, StringComparison.Ordinal);
        Assert.Contains(topology.Process(wrong).Address, reply, StringComparison.Ordinal);
        Assert.Contains($"{Path.GetFileName(file)}:{line}: nonsense: unknown key", reply, StringComparison.Ordinal);
        Assert.Equal("2 of 2", (await topology.StatisticsAsync()).Cluster!["primaries_healthy"]);
        Print(reply);

        File.WriteAllText(file, right);
        await connection.AskAsync("RCNF\r\n", Done);
        Assert.Equal(wrong == "cluster" ? "2 of 2" : "1 of 1", (await topology.StatisticsAsync()).Cluster!["primaries_healthy"]);
    }
}
