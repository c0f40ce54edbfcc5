using SuperMassive.Client;
using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Server.Configuration;
using SuperMassive.Topology;

namespace SuperMassive.SystemTests;

/// <summary>TLS on every connection there is, with certificates made for the test.</summary>
public sealed class TlsTests(ITestOutputHelper output) : SystemTest(output)
{
    [Fact]
    public async Task Every_connection_works_over_tls_and_a_plain_client_disturbs_nobody()
    {
        using var authority = new TestAuthority(DataDirectory, "ours");
        var topology = PrepareTls(authority, trusted: authority.CaFile);
        await topology.StartAsync(topology.Names());
        await using var client = await ConnectAsync(topology, authority);
        await Wait.UntilAsync("a healthy node with its replica in sync", async () =>
        {
            var statistics = await client.GetStatisticsAsync();
            return statistics.Cluster!["primaries_healthy"] == "1 of 1" && statistics.Replicas.Single()["health"] == "in sync";
        });

        await using var plain = await RawConnection.OpenAsync(topology);
        await plain.SendAsync(RawConnection.Auth(topology.Secrets.Username, topology.Secrets.Password) + "GET key-1\r\n");
        for (var i = 0; i < 200; i++)
            await client.PutAsync($"key-{i}", new string('v', i * 100));
        for (var i = 0; i < 200; i++)
            Assert.Equal(i * 100, (await client.GetAsync($"key-{i}"))!.Length);
        var answer = await plain.ReadToEndAsync();
        Assert.DoesNotContain("OK", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("key-1", answer, StringComparison.Ordinal);

        await Wait.UntilAsync("the replica equal", async () =>
        {
            var statistics = await client.GetStatisticsAsync();
            return statistics.Replicas.Single()["applied_lsn"] == statistics.Primaries.Single()["written_lsn"];
        });
        await topology.KillAsync("node-1");
        Assert.Equal(1_000, (await client.GetAsync("key-10"))!.Length);
        Print($"200 values over TLS, one through the replica; the plain client was sent {answer.Length} bytes");
    }

    [Fact]
    public async Task A_link_to_a_certificate_of_another_authority_stays_down_and_says_why()
    {
        using var ours = new TestAuthority(DataDirectory, "ours");
        using var theirs = new TestAuthority(DataDirectory, "theirs");
        var topology = PrepareTls(ours, trusted: theirs.CaFile);
        await topology.StartAsync(topology.Names());

        Print(await topology.LogLineAsync("cluster", topology.Process("node-1").Address, "is down: certificate not trusted"));
        Print(await topology.LogLineAsync("cluster", topology.Process("node-1-replica-1").Address, "is down: certificate not trusted"));
        Print(await topology.LogLineAsync("node-1", topology.Process("node-1-replica-1").Address, "is down: certificate not trusted"));
        await using var client = await ConnectAsync(topology, ours);
        var statistics = await client.GetStatisticsAsync();
        Assert.True(statistics.Primaries.Single().IsDown);
        Assert.StartsWith("certificate not trusted", statistics.Primaries.Single()["reason"], StringComparison.Ordinal);
        await Assert.ThrowsAsync<SuperMassiveServerException>(async () => await client.PutAsync("key", "value"));
        await Assert.ThrowsAsync<SuperMassiveConnectionException>(() => ConnectAsync(topology, theirs));
    }

    private static async Task<SuperMassiveClient> ConnectAsync(ITopology topology, TestAuthority trusted) =>
        await SuperMassiveClient.ConnectAsync(topology.ClientOptions() with { UseTls = true, CaCertFile = trusted.CaFile });

    private ITopology PrepareTls(TestAuthority authority, string trusted)
    {
        var topology = Prepare(new TopologySettings { Nodes = 1, Replicas = 1 });
        topology.EditCluster(options => options with
        {
            Server = Tls(options.Server),
            Shards = [.. options.Shards.Select(shard => new ShardSettings(Trusting(shard.Primary), [.. shard.Replicas.Select(Trusting)]))],
        });
        topology.EditNode("node-1", options => options with
        {
            Server = Tls(options.Server),
            Replicas = [.. options.Replicas.Select(Trusting)],
        });
        topology.EditReplica("node-1-replica-1", options => options with { Server = Tls(options.Server) });
        return topology;

        ServerOptions Tls(ServerOptions server) => server with
        {
            UseTls = true,
            CertFile = authority.CertFile,
            KeyFile = authority.KeyFile,
        };

        PeerAddress Trusting(PeerAddress peer) => peer with { UseTls = true, CaCertFile = trusted };
    }
}
