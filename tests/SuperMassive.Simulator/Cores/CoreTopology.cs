using System.Text;
using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;
using SuperMassive.Simulator.Checking;
using SuperMassive.Simulator.Processes;

namespace SuperMassive.Simulator.Cores;

/// <summary>A coordinator, its primaries and their replicas, all with the real cores.</summary>
public sealed class CoreTopology : Topology
{
    private static readonly byte[] SharedKey = Encoding.ASCII.GetBytes("a key that all processes of a simulated world share");

    private readonly List<SimProcess> _servers = [];
    private readonly List<Shard> _shards = [];
    private readonly List<HeldKey> _table = [];
    private readonly SimCluster _cluster;

    private CoreTopology(World world, Plan plan)
    {
        var peers = new Peers(plan);
        for (var i = 1; i <= plan.Nodes; i++)
            _shards.Add(AddShard(world, plan, peers, $"node-{i}"));
        var settings = new ClusterSettings
        {
            Address = "cluster:4000",
            Shards = [.. _shards.Select(shard => shard.Settings(peers))],
            Username = Encoding.ASCII.GetBytes(Username),
            Password = Encoding.ASCII.GetBytes(Password),
            SharedKey = SharedKey,
            HealthCheckIntervalMs = plan.HealthCheckIntervalMs,
            HintCapacity = plan.HintCapacity,
            ScanTimeoutMs = 5_000,
        };
        var initial = new ClusterState(world.Random.Next(), 0, Version.None, Version.None);
        _cluster = new SimCluster(world, "cluster", settings, initial, ClusterCoreAdapter.Boot);
        _servers.Add(_cluster);
    }

    public override IReadOnlyList<SimProcess> Servers => _servers;

    public override string ClientAddress => _cluster.Address;

    public override bool IsQuiet
    {
        get
        {
            if (_servers.Exists(server => !server.IsRunning) || _shards.Exists(shard => !shard.IsInStep))
                return false;
            var keys = new HashSet<string>();
            foreach (var shard in _shards)
            {
                ReadTable(shard.Primary);
                if (!_table.TrueForAll(held => held.Value is not null && keys.Add(held.Key)))
                    return false;
            }
            return true;
        }
    }

    public static Topology Build(World world, Plan plan) => new CoreTopology(world, plan);

    public override void Check(IReadOnlyList<Operation> settledReads, List<Violation> into)
    {
        var primaries = new List<(string, List<HeldKey>)>();
        foreach (var shard in _shards)
        {
            var primary = Look(shard.Primary);
            primaries.Add((primary.Name, primary.Table));
            if (shard.Primary.Core!.DifferencesFound is > 0 and var found)
                into.Add(new Violation("digests", "", $"{primary.Name} found {found} parts of its replicas' tables to differ at the same LSN"));
            foreach (var replica in shard.Replicas)
                Holders.CheckReplica(primary, Look(replica), into);
        }
        Holders.CheckPrimaries(primaries, into);
        Holders.CheckValues(primaries, settledReads, into);
    }

    private Shard AddShard(World world, Plan plan, Peers peers, string name)
    {
        var replicas = new List<SimNode>();
        for (var i = 1; i <= plan.ReplicasPerNode; i++)
            replicas.Add(AddNode(world, $"{name}-replica-{i}", Settings(plan, $"{name}-replica-{i}:4002") with { IsReplica = true }, plan.SegmentPages));
        var settings = Settings(plan, $"{name}:4001") with { Replicas = [.. replicas.Select(replica => peers.At(replica.Address))] };
        return new Shard(AddNode(world, name, settings, plan.SegmentPages), replicas);
    }

    private static NodeSettings Settings(Plan plan, string address) => new()
    {
        Address = address,
        SharedKey = SharedKey,
        JournalMode = plan.JournalMode,
        ReplicaAcks = Math.Min(plan.ReplicaAcks, plan.ReplicasPerNode),
        HealthCheckIntervalMs = plan.HealthCheckIntervalMs,
        JournalRetentionBytes = plan.JournalRetentionBytes,
    };

    private SimNode AddNode(World world, string name, NodeSettings settings, int segmentPages)
    {
        var node = new SimNode(world, name, settings, NodeCoreAdapter.Boot) { SegmentPages = segmentPages };
        _servers.Add(node);
        return node;
    }

    private NodeView Look(SimNode node)
    {
        ReadTable(node);
        return new NodeView(node.Name, node.FirstJournalLsn, node.Journal.Written.ToArray(), [.. _table]) { Digests = node.Core!.ReadDigests() };
    }

    private void ReadTable(SimNode node)
    {
        _table.Clear();
        node.Core!.ReadTable(_table);
    }

    private sealed record Shard(SimNode Primary, List<SimNode> Replicas)
    {
        public ShardSettings Settings(Peers peers) =>
            new(peers.At(Primary.Address), [.. Replicas.Select(replica => peers.At(replica.Address))]);

        public bool IsInStep => Replicas.TrueForAll(replica => replica.Journal.Length == Primary.Journal.Length);
    }

    private sealed class Peers(Plan plan)
    {
        public PeerAddress At(string address) => new(address)
        {
            ConnectTimeoutMs = plan.PeerTimeoutMs,
            ReadTimeoutMs = plan.PeerTimeoutMs,
            WriteTimeoutMs = plan.PeerTimeoutMs,
            RetryWaitMs = 500,
        };
    }
}
