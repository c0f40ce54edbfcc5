using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Server.Tests.Configuration;

/// <summary>The files of the published format, byte for byte below their comment.</summary>
public sealed class PublishedFormatTests
{
    private const string Cluster = """
        health-check-interval: 2
        server-config:
            address: localhost:4000
            use-tls: false
            cert-file: /
            key-file: /
            read-timeout: 10
            buffer-size: 1024
        node-configs:
            - node:
                server-address: localhost:4001
                use-tls: false
                ca-cert-file: ""
                connect-timeout: 5
                write-timeout: 5
                read-timeout: 5
                max-retries: 3
                retry-wait-time: 1
                buffer-size: 1024
              replicas:
                - server-address: localhost:4002
                  use-tls: false
                  ca-cert-file: ""
                  connect-timeout: 5
                  write-timeout: 5
                  read-timeout: 5
                  max-retries: 3
                  retry-wait-time: 1
                  buffer-size: 1024

        """;

    private const string Node = """
        health-check-interval: 2
        max-memory-threshold: 75
        server-config:
            address: localhost:4001
            use-tls: false
            cert-file: /
            key-file: /
            read-timeout: 10
            buffer-size: 1024
        read-replicas:
            - server-address: localhost:4002
              use-tls: false
              ca-cert-file: /
              connect-timeout: 5
              write-timeout: 5
              read-timeout: 5
              max-retries: 3
              retry-wait-time: 1
              buffer-size: 1024

        """;

    private const string Replica = """
        server-config:
            address: localhost:4002
            use-tls: false
            cert-file: /
            key-file: /
            read-timeout: 10
            buffer-size: 1024
        max-memory-threshold: 75

        """;

    [Fact]
    public void Created_files_are_the_published_ones()
    {
        using var folder = new TemporaryFolder();
        var fresh = folder.File("made/on/the/way");
        var cluster = ClusterOptions.LoadOrCreate(fresh);
        var node = NodeOptions.LoadOrCreate(fresh);
        var replica = ReplicaOptions.LoadOrCreate(fresh);

        AssertCreated(Cluster, Path.Combine(fresh, ".cluster"));
        AssertCreated(Node, Path.Combine(fresh, ".node"));
        AssertCreated(Replica, Path.Combine(fresh, ".nodereplica"));
        Assert.Equivalent(ClusterOptions.Published, cluster, strict: true);
        Assert.Equivalent(NodeOptions.Published, node, strict: true);
        Assert.Equivalent(ReplicaOptions.Published, replica, strict: true);
        Assert.Equal(3, Directory.GetFileSystemEntries(fresh).Length);
    }

    [Fact]
    public void A_file_that_is_there_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(".nodereplica"), "max-memory-threshold: 50\n");
        Assert.Equal(50, ReplicaOptions.LoadOrCreate(folder.Path).MaxMemoryThreshold);
        Assert.Equal("max-memory-threshold: 50\n", File.ReadAllText(folder.File(".nodereplica")));
    }

    [Fact]
    public void What_a_file_does_not_mention_is_as_published()
    {
        var cluster = ClusterOptions.Parse("node-configs:\n  - node:\n      server-address: a:1\n", "/");
        Assert.Equivalent(ClusterOptions.Published with { Shards = cluster.Shards }, cluster, strict: true);
        Assert.Equal("a:1", Assert.Single(cluster.Shards).Primary.Address);
        Assert.Equivalent(NodeOptions.Published with { Replicas = [] }, NodeOptions.Parse("# nothing\n", "/"), strict: true);
        Assert.Equivalent(ReplicaOptions.Published, ReplicaOptions.Parse("", "/"), strict: true);
    }

    /// <summary>The settings' own defaults are the published ones, so that tests of the core mean what a fresh installation does.</summary>
    [Fact]
    public void Settings_made_of_the_published_files_have_the_cores_defaults()
    {
        var secrets = new Secrets("u"u8.ToArray(), "p"u8.ToArray(), "k"u8.ToArray());
        Assert.Equivalent(
            new ClusterSettings
            {
                Address = "localhost:4000",
                Shards = ClusterOptions.Published.Shards,
                Username = secrets.Username,
                Password = secrets.Password,
                SharedKey = secrets.SharedKey,
            },
            ClusterOptions.Published.ToSettings(secrets), strict: true);
        Assert.Equivalent(
            new NodeSettings
            {
                Address = "localhost:4001",
                Replicas = NodeOptions.Published.Replicas,
                SharedKey = secrets.SharedKey,
                MaxMemoryBytes = 750,
            },
            NodeOptions.Published.ToSettings(secrets, availableBytes: 1_000), strict: true);
        Assert.Equivalent(
            new NodeSettings { IsReplica = true, Address = "localhost:4002", SharedKey = secrets.SharedKey, MaxMemoryBytes = 750 },
            ReplicaOptions.Published.ToSettings(secrets, availableBytes: 1_000), strict: true);
    }

    [Fact]
    public void The_memory_threshold_is_taken_of_what_the_process_may_use()
    {
        var settings = ReplicaOptions.Published.ToSettings(new Secrets([], [], []));
        Assert.InRange(settings.MaxMemoryBytes, 1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * 3 / 4);
        Assert.Equal(long.MaxValue / 100 * 100, MemoryBudget.Bytes(100, long.MaxValue / 100 * 100));
    }

    [Fact]
    public void Read_timeout_is_how_long_a_command_may_take_to_arrive()
    {
        var options = NodeOptions.Parse("server-config:\n    read-timeout: 3\n", "/");
        Assert.Equal(3_000, options.ToSettings(new Secrets([], [], []), 1).Limits.CommandArrivalMs);
    }

    private static void AssertCreated(string expected, string path)
    {
        var lines = File.ReadAllText(path).Split('\n', 2);
        Assert.StartsWith("# ", lines[0]);
        Assert.Equal(expected, lines[1]);
    }
}
