using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Server.Tests.Configuration;

/// <summary>Each key fills its own property: a round trip alone would not notice two that are exchanged.</summary>
public sealed class KeyTests
{
    private const string LimitKeys = """
        limits:
            line-bytes: 1
            key-bytes: 2
            value-bytes: 3
            line-value-bytes: 4
            pattern-bytes: 5
            connections: 6
            unauthenticated-bytes: 7
            unauthenticated-timeout: 8
            pending-commands: 9
            output-bytes: 10
        """;

    private static readonly Limits ExpectedLimits = new()
    {
        LineBytes = 1,
        KeyBytes = 2,
        ValueBytes = 3,
        LineValueBytes = 4,
        PatternBytes = 5,
        Connections = 6,
        UnauthenticatedBytes = 7,
        UnauthenticatedMs = 8_000,
        PendingCommands = 9,
        OutputBytes = 10,
    };

    [Fact]
    public void Of_a_cluster() => Assert.Equivalent(
        new ClusterOptions
        {
            HealthCheckIntervalMs = 1_000,
            Server = new ServerOptions("a:1") { CertFile = "/c", KeyFile = "/k", ReadTimeoutMs = 2_000, BufferBytes = 3 },
            Shards =
            [
                new ShardSettings(
                    new PeerAddress("b:2")
                    {
                        UseTls = true,
                        ConnectTimeoutMs = 4_000,
                        WriteTimeoutMs = 5_000,
                        ReadTimeoutMs = 6_000,
                        MaxRetries = 7,
                        RetryWaitMs = 8_000,
                        BufferBytes = 9,
                    },
                    [new PeerAddress("c:3") { CaCertFile = "/d" }, new PeerAddress("c:4")]),
            ],
            ReadMode = ReadMode.Available,
            HintCapacity = 10,
            ScanTimeoutMs = 11_000,
            SlowCommandMs = 12,
            HttpAddress = "e:5",
            Limits = ExpectedLimits,
        },
        ClusterOptions.Parse("""
            health-check-interval: 1
            server-config: { address: a:1, cert-file: /c, key-file: /k, read-timeout: 2, buffer-size: 3 }
            node-configs:
            - node:
                server-address: b:2
                use-tls: true
                connect-timeout: 4
                write-timeout: 5
                read-timeout: 6
                max-retries: 7
                retry-wait-time: 8
                buffer-size: 9
              replicas: [{ server-address: c:3, ca-cert-file: /d }, { server-address: c:4 }]
            read-mode: available
            hint-capacity: 10
            scan-timeout: 11
            slow-command: 12ms
            http-address: e:5

            """ + LimitKeys, "/"),
        strict: true);

    [Fact]
    public void Of_a_node() => Assert.Equivalent(
        new NodeOptions
        {
            HealthCheckIntervalMs = 1_000,
            MaxMemoryThreshold = 2,
            Server = new ServerOptions("a:0"),
            Replicas = [new PeerAddress("c:3")],
            JournalMode = JournalMode.Always,
            SyncIntervalMs = 3,
            JournalRetentionMiB = 4,
            ReplicaAcks = 1,
            HttpAddress = "a:0",
            Limits = ExpectedLimits,
        },
        NodeOptions.Parse("""
            health-check-interval: 1
            max-memory-threshold: 2
            server-config: { address: a:0 }
            read-replicas: [{ server-address: c:3 }]
            journal-mode: always
            sync-interval: 3ms
            journal-retention: 4
            replica-acks: 1
            http-address: a:0

            """ + LimitKeys, "/"),
        strict: true);

    [Fact]
    public void Of_a_replica() => Assert.Equivalent(
        new ReplicaOptions
        {
            Server = new ServerOptions("[::1]:4002"),
            MaxMemoryThreshold = 2,
            JournalMode = JournalMode.Async,
            SyncIntervalMs = 3_000,
            JournalRetentionMiB = 5,
            HttpAddress = "a:0",
            Limits = ExpectedLimits,
        },
        ReplicaOptions.Parse("""
            server-config: { address: "[::1]:4002" }
            max-memory-threshold: 2
            journal-mode: async
            sync-interval: 3s
            journal-retention: 5
            http-address: a:0

            """ + LimitKeys, "/"),
        strict: true);

    [Fact]
    public void Settings_have_what_the_options_have()
    {
        var secrets = new Secrets([1], [2], [3]);
        var cluster = new ClusterOptions
        {
            HealthCheckIntervalMs = 1,
            Shards = [new ShardSettings(new PeerAddress("b:2"), [])],
            ReadMode = ReadMode.Available,
            HintCapacity = 2,
            ScanTimeoutMs = 3,
            Limits = ExpectedLimits,
        }.ToSettings(secrets);
        Assert.Equal((1, ReadMode.Available, 2, 3),
            (cluster.HealthCheckIntervalMs, cluster.ReadMode, cluster.HintCapacity, cluster.ScanTimeoutMs));
        Assert.Equal(ExpectedLimits, cluster.Limits);
        Assert.Equal([1, 2, 3], [.. cluster.Username, .. cluster.Password, .. cluster.SharedKey]);

        var node = new NodeOptions
        {
            HealthCheckIntervalMs = 1,
            MaxMemoryThreshold = 50,
            JournalMode = JournalMode.Always,
            SyncIntervalMs = 2,
            JournalRetentionMiB = 4_096,
            ReplicaAcks = 3,
        }.ToSettings(secrets, availableBytes: 1_000);
        Assert.Equal((1, 500, JournalMode.Always, 2, 3),
            (node.HealthCheckIntervalMs, node.MaxMemoryBytes, node.JournalMode, node.SyncIntervalMs, node.ReplicaAcks));

        Assert.Equal(4L << 30, node.JournalRetentionBytes);

        var replica = new ReplicaOptions { JournalMode = JournalMode.Async, SyncIntervalMs = 4, JournalRetentionMiB = 1 }
            .ToSettings(secrets, availableBytes: 1_000);
        Assert.Equal((true, JournalMode.Async, 4, 1L << 20),
            (replica.IsReplica, replica.JournalMode, replica.SyncIntervalMs, replica.JournalRetentionBytes));
    }
}
