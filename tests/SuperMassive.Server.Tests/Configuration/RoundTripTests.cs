using CsCheck;
using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Server.Tests.Configuration;

/// <summary>What is written is read as the same.</summary>
public sealed class RoundTripTests
{
    private static readonly Gen<int> Ms = Gen.OneOf(Gen.Int[1, 86_400_000], Gen.Int[1, 86_400].Select(seconds => seconds * 1_000));

    private static readonly Gen<string> Host = OneOf("localhost", "10.0.0.7", "::1", "fe80::2", "node-1-0.node_1.ns.svc");

    private static readonly Gen<string> PemPath = OneOf(
        "", "/etc/tls/ca.pem", "/with blank/and: colon#hash.pem", "/quo\"te's\\.pem", "/ünï/ö.pem");

    private static readonly Gen<Limits> Limit = Gen.Select(Gen.Int[1, 1 << 30], Gen.Int[1, 1 << 30], Ms, Gen.Bool)
        .Select((a, b, ms, isStandard) => isStandard
            ? new Limits()
            : new Limits
            {
                LineBytes = a,
                KeyBytes = b,
                ValueBytes = a,
                LineValueBytes = b,
                PatternBytes = a,
                Connections = b,
                UnauthenticatedBytes = a,
                UnauthenticatedMs = ms,
                PendingCommands = b,
                OutputBytes = a,
            });

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    /// <summary>Distinct addresses, by port.</summary>
    private static Gen<PeerAddress> Peer(int port) => Gen.Select(Host, PemPath, Ms, Ms, Ms, Gen.Int[0, 9], Ms, Gen.Int[1, 1 << 20])
        .Select((host, pem, connect, write, read, retries, wait, buffer) => new PeerAddress(new HostPort(host, port).ToString())
        {
            CaCertFile = pem,
            ConnectTimeoutMs = connect,
            WriteTimeoutMs = write,
            ReadTimeoutMs = read,
            MaxRetries = retries,
            RetryWaitMs = wait,
            BufferBytes = buffer,
        });

    private static readonly Gen<ServerOptions> Server = Gen.Select(Host, PemPath, PemPath, Ms, Gen.Int[1, 1 << 30])
        .Select((host, cert, key, read, buffer) => new ServerOptions(new HostPort(host, 1).ToString())
        {
            CertFile = cert,
            KeyFile = key,
            ReadTimeoutMs = read,
            BufferBytes = buffer,
        });

    private static readonly Gen<string> Http = OneOf("", "localhost:2", "[::]:0");

    private static Gen<PeerAddress[]> Peers(int firstPort) => Gen.Int[0, 3].SelectMany(count => Gen.Select(
        Peer(firstPort), Peer(firstPort + 1), Peer(firstPort + 2)).Select((a, b, c) => new[] { a, b, c }[..count]));

    [Fact]
    public void Cluster_options() => Gen.Select(Server, Peer(10), Peers(11), Peer(20), Peers(21), Gen.Enum<ReadMode>(), Ms, Http)
        .Select(Limit, (cluster, limits) => (cluster, limits))
        .Sample(generated =>
        {
            var (server, first, firstReplicas, second, secondReplicas, readMode, ms, http) = generated.cluster;
            var options = new ClusterOptions
            {
                HealthCheckIntervalMs = ms,
                Server = server,
                Shards = [new ShardSettings(first, firstReplicas), new ShardSettings(second, secondReplicas)],
                ReadMode = readMode,
                HintCapacity = ms,
                ScanTimeoutMs = ms,
                SlowCommandMs = ms,
                HttpAddress = http,
                Limits = generated.limits,
            };
            var read = ClusterOptions.Parse(options.Write(), "/");
            Assert.Equivalent(options, read, strict: true);
            Assert.Equal(options.Write(), read.Write());
        }, iter: 300);

    [Fact]
    public void Node_options() => Gen.Select(Server, Peers(11), Gen.Enum<JournalMode>(), Ms, Gen.Int[1, 100], Http, Limit)
        .Sample((server, replicas, journalMode, ms, percent, http, limits) =>
        {
            var options = new NodeOptions
            {
                HealthCheckIntervalMs = ms,
                MaxMemoryThreshold = percent,
                Server = server,
                Replicas = replicas,
                JournalMode = journalMode,
                SyncIntervalMs = ms,
                JournalRetentionMiB = percent,
                ReplicaAcks = replicas.Length,
                HttpAddress = http,
                Limits = limits,
            };
            var read = NodeOptions.Parse(options.Write(), "/");
            Assert.Equivalent(options, read, strict: true);
            Assert.Equal(options.Write(), read.Write());
        }, iter: 300);

    [Fact]
    public void Replica_options() => Gen.Select(Server, Gen.Enum<JournalMode>(), Ms, Gen.Int[1, 100], Http, Limit)
        .Sample((server, journalMode, ms, percent, http, limits) =>
        {
            var options = new ReplicaOptions
            {
                Server = server,
                MaxMemoryThreshold = percent,
                JournalMode = journalMode,
                SyncIntervalMs = ms,
                JournalRetentionMiB = percent,
                HttpAddress = http,
                Limits = limits,
            };
            var read = ReplicaOptions.Parse(options.Write(), "/");
            Assert.Equivalent(options, read, strict: true);
            Assert.Equal(options.Write(), read.Write());
        }, iter: 300);

    [Theory]
    [InlineData("128ms", 128)]
    [InlineData("1s", 1_000)]
    public void A_sync_interval_has_its_unit(string text, int expectedMs) =>
        Assert.Equal(expectedMs, NodeOptions.Parse($"sync-interval: {text}\n", "/").SyncIntervalMs);

    [Theory]
    [InlineData("5", 5_000)]
    [InlineData("5s", 5_000)]
    [InlineData("250ms", 250)]
    public void Published_times_are_seconds(string text, int expectedMs) =>
        Assert.Equal(expectedMs, NodeOptions.Parse($"health-check-interval: {text}\n", "/").HealthCheckIntervalMs);

    [Theory]
    [InlineData("/", "")]
    [InlineData("", "")]
    [InlineData("\"\"", "")]
    [InlineData("tls/cert.pem", "/srv/db/tls/cert.pem")]
    [InlineData("/etc/cert.pem", "/etc/cert.pem")]
    public void A_file_is_relative_to_the_configuration(string text, string expected) =>
        Assert.Equal(expected, NodeOptions.Parse($"server-config:\n  cert-file: {text}\n", "/srv/db").Server.CertFile);
}
