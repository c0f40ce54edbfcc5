using CsCheck;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology.Tests;

/// <summary>Names, ports, folders and configuration of the processes.</summary>
public sealed class TopologyTests
{
    [Theory]
    [InlineData(1, 0, "cluster:4000:5000 node-1:4001:5001")]
    [InlineData(2, 1, "cluster:4000:5000 node-1:4001:5001 node-2:4002:5002 node-1-replica-1:4003:5003 node-2-replica-1:4004:5004")]
    [InlineData(3, 2, "cluster:4000:5000 node-1:4001:5001 node-2:4002:5002 node-3:4003:5003 node-1-replica-1:4004:5004 "
        + "node-1-replica-2:4005:5005 node-2-replica-1:4006:5006 node-2-replica-2:4007:5007 "
        + "node-3-replica-1:4008:5008 node-3-replica-2:4009:5009")]
    public void Names_and_ports(int nodes, int replicas, string expected)
    {
        var topology = Topology.Create(new TopologySettings { Nodes = nodes, Replicas = replicas, DataDirectory = "/data" });
        Assert.Equal(expected, string.Join(' ', topology.Processes.Select(process => $"{process.Name}:{process.Port}:{process.HttpPort}")));
        Assert.All(topology.Processes, process =>
        {
            Assert.Equal($"/data/{process.Name}", process.Directory);
            Assert.Equal(["--directory", process.Directory], process.Arguments);
            Assert.Equal($"localhost:{process.Port}", process.Address);
            Assert.Equal($"localhost:{process.HttpPort}", process.HttpAddress);
            Assert.Equal(process.Name.Kind, process.Kind);
        });
        Assert.Equal(nodes, topology.Nodes.Count);
        Assert.All(topology.Nodes, node => Assert.Equal(replicas, node.Replicas.Count));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public void Every_process_reads_what_was_written_for_it(int nodes, int replicas)
    {
        var topology = Topology.Create(new TopologySettings { Nodes = nodes, Replicas = replicas, MaxMemoryThreshold = 20 });
        var cluster = ClusterOptions.Parse(topology.Cluster.Yaml(), "/");
        Assert.Equal("localhost:4000", cluster.Server.Address);
        Assert.Equal("localhost:5000", cluster.HttpAddress);
        Assert.Equal(topology.Nodes.Select(node => node.Address), cluster.Shards.Select(shard => shard.Primary.Address));
        Assert.Equal(
            topology.Nodes.SelectMany(node => node.Replicas).Select(replica => replica.Address),
            cluster.Shards.SelectMany(shard => shard.Replicas).Select(replica => replica.Address));

        foreach (var node in topology.Nodes)
        {
            Assert.Equal(".node", node.ConfigurationFileName);
            var options = NodeOptions.Parse(node.Yaml(), "/");
            Assert.Equal(node.Address, options.Server.Address);
            Assert.Equal(node.HttpAddress, options.HttpAddress);
            Assert.Equal(20, options.MaxMemoryThreshold);
            Assert.Equal(node.Replicas.Select(replica => replica.Address), options.Replicas.Select(replica => replica.Address));
            Assert.All(node.Replicas, replica =>
            {
                Assert.Equal(".nodereplica", replica.ConfigurationFileName);
                var replicaOptions = ReplicaOptions.Parse(replica.Yaml(), "/");
                Assert.Equal(replica.Address, replicaOptions.Server.Address);
                Assert.Equal(20, replicaOptions.MaxMemoryThreshold);
            });
        }
    }

    [Fact]
    public void The_published_topology_has_the_published_files()
    {
        var topology = Topology.Create(new TopologySettings { Nodes = 1, Replicas = 1, HttpPort = 0 });
        Assert.Equal(ClusterOptions.Published.Write(), topology.Cluster.Yaml());
        Assert.Equal(NodeOptions.Published.Write(), topology.Nodes[0].Yaml());
        Assert.Equal(ReplicaOptions.Published.Write(), topology.Nodes[0].Replicas[0].Yaml());
        Assert.All(topology.Processes, process => Assert.Null(process.HttpAddress));
    }

    [Fact]
    public void Modes_reach_the_files()
    {
        var topology = Topology.Create(new TopologySettings
        {
            ReadMode = ReadMode.Available,
            JournalMode = JournalMode.Always,
            ReplicaAcks = 1,
            HttpPort = 0,
        });
        Assert.EndsWith("\nread-mode: available\n", topology.Cluster.Yaml());
        Assert.EndsWith("\njournal-mode: always\nreplica-acks: 1\n", topology.Nodes[0].Yaml());
        Assert.EndsWith("\njournal-mode: always\n", topology.Nodes[0].Replicas[0].Yaml());
    }

    [Fact]
    public void Addresses_may_be_someone_elses()
    {
        var settings = new TopologySettings { Nodes = 1, ListenHost = "0.0.0.0" };
        var topology = Topology.Create(settings, name => $"{name}-0.{name}.db.svc:4000");
        Assert.Equal(4_000, topology.Nodes[0].Port);
        var node = NodeOptions.Parse(topology.Nodes[0].Yaml(), "/");
        Assert.Equal("0.0.0.0:4000", node.Server.Address);
        Assert.Equal("0.0.0.0:5001", node.HttpAddress);
        Assert.Equal("node-1-replica-1-0.node-1-replica-1.db.svc:4000", Assert.Single(node.Replicas).Address);

        Assert.Equal(
            ["node-1: \"node-1\" is not an address; expected HOST:PORT or [IPV6]:PORT"],
            Assert.Throws<ConfigurationException>(() => Topology.Create(settings, name => name)).Problems);
    }

    [Fact]
    public void Addresses_may_come_later_than_the_topology()
    {
        var topology = Topology.Create(new TopologySettings { Nodes = 1, Replicas = 1 });
        static string Allocated(ProcessName name) => $"127.0.0.1:{40_000 + name.Node + name.Replica}";
        var cluster = ClusterOptions.Parse(topology.Cluster.Yaml(Allocated, _ => ""), "/");
        Assert.Equal("127.0.0.1:40000", cluster.Server.Address);
        Assert.Equal("", cluster.HttpAddress);
        Assert.Equal("127.0.0.1:40001", cluster.Shards[0].Primary.Address);
        Assert.Equal("127.0.0.1:40002", cluster.Shards[0].Replicas[0].Address);
        var replica = ReplicaOptions.Parse(topology.Nodes[0].Replicas[0].Yaml(Allocated, _ => "127.0.0.1:9"), "/");
        Assert.Equal("127.0.0.1:9", replica.HttpAddress);
    }

    [Fact]
    public void IPv6_is_put_in_brackets() =>
        Assert.Equal("[::1]:4001", Topology.Create(new TopologySettings { Host = "::1" }).Nodes[0].Address);

    [Theory]
    [InlineData("nodes: 0 is out of range; expected 1 to 256", 0, 1, 4_000, null)]
    [InlineData("nodes: 257 is out of range; expected 1 to 256", 257, 1, 4_000, null)]
    [InlineData("replicas: 17 is out of range; expected 0 to 16", 1, 17, 4_000, null)]
    [InlineData("port: 65535 is out of range; expected 1 to 65533, for 3 processes", 1, 1, 65_535, 0)]
    [InlineData("port: 0 is out of range; expected 1 to 65533, for 3 processes", 1, 1, 0, 0)]
    [InlineData("http-port: 65000 is out of range; expected 0 for none, or 1 to 64999, for 537 processes", 67, 7, 4_000, 65_000)]
    [InlineData("http-port: 4002 is too near port 4000; expected a distance of at least 3, the processes", 1, 1, 4_000, 4_002)]
    [InlineData("http-port: 5000 is too near port 4000; expected a distance of at least 1201, the processes", 200, 5, 4_000, null)]
    public void Settings_that_make_no_topology(string expected, int nodes, int replicas, int port, int? httpPort)
    {
        var settings = new TopologySettings { Nodes = nodes, Replicas = replicas, Port = port, HttpPort = httpPort };
        Assert.Equal([expected], settings.Validate());
        Assert.Equal([expected], Assert.Throws<ConfigurationException>(() => Topology.Create(settings)).Problems);
    }

    [Fact]
    public void All_that_is_wrong_is_said_and_no_secret() => Assert.Equal(
        [
            "nodes: 0 is out of range; expected 1 to 256",
            "replicas: -1 is out of range; expected 0 to 16",
            "replica-acks: 0 is out of range; expected 0 to the number of replicas, -1",
            "max-memory-threshold: 0 is out of range; expected 1 to 100",
            "data: is empty; expected a folder",
            "host: \"a:b\" is not a host; expected a name, or an IP address without brackets",
            "shared-key: is too short; expected at least 16 characters",
            "username: is empty; expected a name",
        ],
        new TopologySettings
        {
            Nodes = 0,
            Replicas = -1,
            MaxMemoryThreshold = 0,
            DataDirectory = "",
            Host = "a:b",
            SharedKey = "short",
            Username = "",
        }.Validate());

    /// <summary>Every accepted settings gives each process ports of its own; two that are equal give the same files.</summary>
    [Fact]
    public void Ports_never_collide() => Gen.Select(Gen.Int[1, 40], Gen.Int[0, 4], Gen.Int[1, 65_535], Gen.Int[0, 65_535], Gen.Bool)
        .Where((nodes, replicas, port, httpPort, isDefault) => Settings(nodes, replicas, port, httpPort, isDefault).Validate().Count == 0)
        .Sample((nodes, replicas, port, httpPort, isDefault) =>
        {
            var settings = Settings(nodes, replicas, port, httpPort, isDefault);
            var topology = Topology.Create(settings);
            var ports = topology.Processes.SelectMany(process => new[] { process.Port, process.HttpPort ?? -process.Port }).ToList();
            Assert.Equal(ports.Count, ports.Distinct().Count());
            Assert.All(ports, each => Assert.InRange(Math.Abs(each), 1, 65_535));
            Assert.Equal(topology.Processes.Count(), topology.Processes.Select(process => process.Directory).Distinct().Count());
            Assert.Equal(topology.Cluster.Yaml(), Topology.Create(settings with { }).Cluster.Yaml());
        }, iter: 200);

    private static TopologySettings Settings(int nodes, int replicas, int port, int httpPort, bool isDefault) =>
        new() { Nodes = nodes, Replicas = replicas, Port = port, HttpPort = isDefault ? null : httpPort };
}
