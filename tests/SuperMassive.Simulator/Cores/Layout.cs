using System.Text;
using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;
using SuperMassive.Core.Storage;
using SuperMassive.Simulator.Faults;
using SuperMassive.Simulator.Processes;

namespace SuperMassive.Simulator.Cores;

/// <summary>Which processes there are, and which of them the configuration files name: what an operator has in mind.</summary>
internal sealed class Layout
{
    private static readonly byte[] SharedKey = Encoding.ASCII.GetBytes("a key that all processes of a simulated world share");

    private readonly World _world;
    private readonly Plan _plan;
    private readonly List<SimNode> _nodes = [];

    public Layout(World world, Plan plan)
    {
        _world = world;
        _plan = plan;
        HasSpares = plan.Faults.Contains(FaultKind.Reconfigure);
        for (var i = 1; i <= plan.Nodes; i++)
            Shards.Add(AddShard($"node-{i}", plan.ReplicasPerNode, spares: HasSpares && i == 1 ? 1 : 0));
        if (HasSpares)
            Shards.Add(AddShard($"node-{plan.Nodes + 1}", replicas: 0, spares: 0));
        foreach (var shard in Shards)
            shard.IsConfigured = Shards.IndexOf(shard) < plan.Nodes;
        Publish();
    }

    public List<LaidShard> Shards { get; } = [];

    /// <summary>Whether there are replicas and a primary that files may name or not.</summary>
    public bool HasSpares { get; }

    public IEnumerable<LaidShard> Configured => Shards.Where(shard => shard.IsConfigured);

    /// <summary>Primaries and replicas, configured or not.</summary>
    public IReadOnlyList<SimNode> Nodes => _nodes;

    /// <summary>How often an idle link is asked for a sign of life, in every file.</summary>
    public int HealthCheckIntervalMs { get; set; }

    public ClusterSettings ClusterSettings(string address) => new()
    {
        Address = address,
        Shards = [.. Configured.Select(shard => new ShardSettings(Peer(shard.Primary), [.. shard.Replicas.Select(Peer)]))],
        Username = Encoding.ASCII.GetBytes(Topology.Username),
        Password = Encoding.ASCII.GetBytes(Topology.Password),
        SharedKey = SharedKey,
        ReadMode = _plan.ReadMode,
        HealthCheckIntervalMs = HealthCheckIntervalMs,
        HintCapacity = _plan.HintCapacity,
        ScanTimeoutMs = 5_000,
        Limits = _plan.Limits,
    };

    /// <summary>Whether a cluster process knows the primaries and replicas that its file names, and no others.</summary>
    public bool HasReadItsFile(SimCluster cluster) => cluster.Core is ClusterCoreAdapter core
        && core.Figures().Links.Select(link => link.Peer).ToHashSet()
            .SetEquals(Configured.SelectMany(shard => shard.Replicas.Prepend(shard.Primary)).Select(node => node.Address));

    /// <summary>Writes every node's file. The clusters' files are theirs to write.</summary>
    public void Publish()
    {
        if (HealthCheckIntervalMs == 0)
            HealthCheckIntervalMs = _plan.HealthCheckIntervalMs;
        foreach (var shard in Shards)
        {
            shard.Primary.Settings = shard.Primary.Settings with
            {
                Replicas = [.. shard.Replicas.Select(Peer)],
                HealthCheckIntervalMs = HealthCheckIntervalMs,
            };
        }
    }

    private LaidShard AddShard(string name, int replicas, int spares)
    {
        var shard = new LaidShard(AddNode(name, Settings($"{name}:4001") with
        {
            ReplicaAcks = Math.Min(_plan.ReplicaAcks, replicas),
            MaxMemoryBytes = _plan.MemoryBytes is { } bytes ? EmptyTableBytes() + bytes : long.MaxValue,
        }));
        for (var i = 1; i <= replicas + spares; i++)
        {
            var replica = AddNode($"{name}-replica-{i}", Settings($"{name}-replica-{i}:4002") with { IsReplica = true });
            if (i <= replicas)
                shard.Replicas.Add(replica);
            else
                shard.Spare = replica;
        }
        return shard;
    }

    private SimNode AddNode(string name, NodeSettings settings)
    {
        var node = new SimNode(_world, name, settings, NodeCoreAdapter.Boot) { SegmentPages = _plan.SegmentPages };
        if (_plan.SlowestSyncUs is { } slowestUs)
            node.Disk.SlowestSyncUs = slowestUs;
        _nodes.Add(node);
        return node;
    }

    private NodeSettings Settings(string address) => new()
    {
        Address = address,
        SharedKey = SharedKey,
        JournalMode = _plan.JournalMode,
        JournalRetentionBytes = _plan.JournalRetentionBytes,
    };

    private PeerAddress Peer(SimNode node) => new(node.Address)
    {
        ConnectTimeoutMs = _plan.PeerTimeoutMs,
        ReadTimeoutMs = _plan.PeerTimeoutMs,
        WriteTimeoutMs = _plan.PeerTimeoutMs,
        RetryWaitMs = 500,
    };

    private static long EmptyTableBytes()
    {
        using var table = new HashTable(0);
        return table.UsedBytes;
    }
}

/// <summary>A primary with the replicas that the files name.</summary>
internal sealed class LaidShard(SimNode primary)
{
    public SimNode Primary => primary;

    public List<SimNode> Replicas { get; } = [];

    /// <summary>A replica that may be configured, and taken out again.</summary>
    public SimNode? Spare { get; set; }

    public bool IsConfigured { get; set; }

    /// <summary>Taken out of the configuration once, with its data.</summary>
    public bool WasRemoved { get; set; }

    /// <summary>Whether the primary feeds the replicas that its file names, and no others.</summary>
    public bool HasReadItsFile => primary.Core is NodeCoreAdapter core
        && core.Figures().Replicas.Select(feed => feed.Link.Peer).ToHashSet().SetEquals(Replicas.Select(replica => replica.Address));

    /// <summary>Whether the replicas' tables are the primary's.</summary>
    public bool IsAlike => primary.Core is { } core && Replicas.TrueForAll(
        replica => replica.Core is { } other && core.ReadDigests().AsSpan().SequenceEqual(other.ReadDigests()));

    public bool IsInStep => Replicas.TrueForAll(replica => replica.Journal.Length == primary.Journal.Length)
        && primary.Core is NodeCoreAdapter core && core.Figures().Replicas.All(feed => feed.IsInSync);
}
