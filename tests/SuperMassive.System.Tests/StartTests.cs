using SuperMassive.Client;
using SuperMassive.Server.Configuration;
using SuperMassive.Topology;

namespace SuperMassive.SystemTests;

/// <summary>What a process refuses to start with, and whom it refuses to trust.</summary>
public sealed class StartTests(ITestOutputHelper output) : SystemTest(output)
{
    private static readonly Dictionary<string, string> Secrets = new()
    {
        ["SUPERMASSIVE_USERNAME"] = "user",
        ["SUPERMASSIVE_PASSWORD"] = "password",
        ["SUPERMASSIVE_SHARED_KEY"] = "0123456789abcdef",
    };

    [Theory]
    [InlineData(ServiceKind.Cluster, "username", "password", "shared-key")]
    [InlineData(ServiceKind.Node, "shared-key")]
    [InlineData(ServiceKind.Replica, "shared-key")]
    public async Task Without_secrets_no_process_starts(ServiceKind kind, params string[] named)
    {
        var (exitCode, errors) = await ServiceRun.RunAsync(kind, DataDirectory, Log);

        Assert.Equal(2, exitCode);
        Assert.Equal(
            named.Select(name => $"no {name}; give it by --{name}, --{name}-file, {Variable(name)} or {Variable(name)}_FILE"),
            errors.Split('\n'));
        static string Variable(string name) => "SUPERMASSIVE_" + name.ToUpperInvariant().Replace('-', '_');
    }

    [Theory]
    [InlineData(ServiceKind.Cluster, ".cluster",
        "node-configs:\n- node:\n    server-address: nowhere\n", ".cluster:3: node-configs[0].node.server-address: ")]
    [InlineData(ServiceKind.Cluster, ".cluster", "health-check-interval: [\n", ".cluster:")]
    [InlineData(ServiceKind.Node, ".node",
        "\nmax-memory-threshold: 101\n", ".node:2: max-memory-threshold: 101 is out of range; expected ")]
    [InlineData(ServiceKind.Replica, ".nodereplica",
        "max-memory-treshold: 10\n", ".nodereplica:1: max-memory-treshold: unknown key; expected max-memory-threshold")]
    [InlineData(ServiceKind.Cluster, ".cluster",
        "server-config:\n  use-tls: true\n  cert-file: no.pem\n  key-file: no.key\nnode-configs:\n- node:\n    server-address: a:1\n",
        ".cluster:3: server-config.cert-file: file not found: ")]
    public async Task A_wrong_file_is_named_with_its_line(ServiceKind kind, string file, string yaml, string message)
    {
        File.WriteAllText(Path.Combine(DataDirectory, file), yaml);

        var (exitCode, errors) = await ServiceRun.RunAsync(kind, DataDirectory, Log, Secrets);

        Assert.Equal(1, exitCode);
        Assert.StartsWith(message, errors, StringComparison.Ordinal);
        Print(errors);
    }

    [Fact]
    public async Task Wrong_client_credentials_are_refused_and_logged_without_them()
    {
        var topology = await StartAsync(new TopologySettings { Nodes = 1, Replicas = 0 });

        var failure = await Assert.ThrowsAsync<SuperMassiveServerException>(async () =>
            await SuperMassiveClient.ConnectAsync(topology.ClientOptions() with { Password = "not the password" }));

        Assert.Equal("invalid credentials", failure.Reason);
        await topology.LogLineAsync("cluster", "did not authenticate: wrong user or password");
        Assert.DoesNotContain(topology.LogOf("cluster"), line => line.Contains(topology.Secrets.Password, StringComparison.Ordinal)
            || line.Contains("not the password", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_with_another_shared_key_is_not_used()
    {
        var topology = Prepare(new TopologySettings { Nodes = 2, Replicas = 0 });
        var stranger = Prepare(topology.Plan, topology.Secrets with { SharedKey = "another key, long enough" });
        await stranger.StartAsync("node-2");
        await topology.StartAsync("node-1", "cluster");
        await topology.StatisticsBecomeAsync("one healthy primary", statistics => statistics.Cluster!["primaries_healthy"] == "1 of 2");
        await using var client = await topology.ConnectAsync();
        for (var i = 0; i < 20; i++)
            await client.PutAsync($"key-{i}", "value");

        var statistics = await client.GetStatisticsAsync();
        Assert.Equal("20", statistics.Of(topology.Process("node-1"))["keys"]);
        Assert.True(statistics.Of(topology.Process("node-2")).IsDown);
        Print(await topology.LogLineAsync("cluster", topology.Process("node-2").Address, "did not authenticate"));

        await stranger.KillAsync("node-2");
        await topology.StartAsync("node-2");
        await topology.AllHealthyAsync();
    }
}
