using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Storage;
using SuperMassive.Simulator.Checking;
using SuperMassive.Simulator.Clients;
using SuperMassive.Simulator.Faults;
using SuperMassive.Simulator.Processes;

namespace SuperMassive.Simulator.Cores;

/// <summary>A coordinator, its primaries and their replicas, all with the real cores.</summary>
public sealed class CoreTopology : Topology
{
    private readonly World _world;
    private readonly Layout _layout;
    private readonly Takeover _takeover;
    private readonly Operator _operator;
    private readonly SimCluster _cluster;
    private readonly Disks _disks;
    private readonly SimRandom _random;
    private readonly bool _rots;
    private readonly List<SimProcess> _servers;
    private readonly List<HeldKey> _table = [];
    private bool _isHealed;

    private CoreTopology(World world, Plan plan)
    {
        _world = world;
        _layout = new Layout(world, plan);
        _rots = plan.Faults.Contains(FaultKind.Rot);
        _cluster = AddCluster(plan, "cluster");
        _servers = [.. _layout.Nodes, _cluster];
        var second = _cluster;
        if (plan.Faults.Contains(FaultKind.Takeover))
        {
            second = AddCluster(plan, "cluster-2");
            second.IsRetired = true;
            _servers.Add(second);
        }
        _takeover = new Takeover(world, plan, _layout, _cluster, second);
        _random = world.Random.Fork();
        _operator = new Operator(world, _layout, [_cluster, second], () => _takeover.Current.Address);
        _disks = new Disks(world, plan, _layout);
        world.Reported += _disks.Reported;
    }

    public override IReadOnlyList<SimProcess> Servers => _servers;

    public override bool IsQuiet
    {
        get
        {
            if (_servers.Exists(server => !server.IsRunning && !server.IsRetired)
                || _takeover.Current.Core is not ClusterCoreAdapter { HasAllPrimaries: true }
                || _layout.Configured.Any(shard => !shard.IsInStep || !shard.HasReadItsFile || (_rots && !shard.IsAlike))
                || !_layout.HasReadItsFile(_takeover.Current))
                return false;
            var keys = new HashSet<string>();
            foreach (var shard in _layout.Configured)
            {
                ReadTable(shard.Primary);
                if (!_table.TrueForAll(held => held.Value is not null && keys.Add(held.Key)))
                    return false;
            }
            return true;
        }
    }

    public override bool IsSettled => _operator.IsSettled;

    public static Topology Build(World world, Plan plan) => new CoreTopology(world, plan);

    public override string AddressFor(SimClient client) => _takeover.AddressFor(_random, _isHealed);

    public override bool Disturb(FaultKind kind) => kind switch
    {
        FaultKind.Takeover => _operator.MayReplaceCluster && _takeover.Begin() && _operator.TurnToOther(),
        FaultKind.DiskLoss => _disks.Lose(_random.Pick(_layout.Shards)),
        FaultKind.Emptied => _disks.Empty(_random.Pick(_layout.Shards)),
        FaultKind.Rot => _disks.Rot(_random.Pick(_layout.Shards)),
        FaultKind.StateLoss => _disks.LoseState(_cluster),
        FaultKind.Reconfigure => _operator.Reconfigure(),
        FaultKind.Removal => _operator.Remove(),
        _ => false,
    };

    public override void BeforeHealing()
    {
        _isHealed = _disks.IsHealing = true;
        _takeover.BeforeHealing();
        _operator.Settle();
    }

    public override Operation? AsPromised(Operation operation) => _takeover.AsPromised(operation);

    public override bool MayBeMistaken(Operation operation) => _disks.MayBeMistaken(operation);

    public override void Check(IReadOnlyList<Operation> operations, IReadOnlyList<Operation> settledReads, List<Violation> into)
    {
        _takeover.Check(operations, into);
        var primaries = new List<(string, List<HeldKey>)>();
        foreach (var shard in _layout.Configured)
        {
            var primary = Look(shard.Primary);
            primaries.Add((primary.Name, primary.Table));
            if (!shard.HasReadItsFile)
                into.Add(new Violation("reload", "", $"{primary.Name} does not run with what its file says"));
            if (!_rots && shard.Primary.Core!.DifferencesFound is > 0 and var found)
                into.Add(
                    new Violation("digests", "", $"{primary.Name} found {found} parts of its replicas' tables to differ at the same LSN"));
            Holders.CheckDigests(primary, into);
            foreach (var replica in shard.Replicas.Select(Look))
            {
                Holders.CheckDigests(replica, into);
                Holders.CheckReplica(primary, replica, into);
            }
        }
        if (!_layout.HasReadItsFile(_takeover.Current))
            into.Add(new Violation("reload", "", $"{_takeover.Current.Name} does not run with what its file says"));
        Holders.CheckPrimaries(primaries, into);
        Holders.CheckValues(primaries, settledReads, into);
    }

    private SimCluster AddCluster(Plan plan, string name)
    {
        var initial = new ClusterState(_world.Random.Next(), 0, Version.None, Version.None);
        return new SimCluster(_world, name, _layout.ClusterSettings($"{name}:4000"), initial, ClusterCoreAdapter.Boot);
    }

    private NodeView Look(SimNode node)
    {
        ReadTable(node);
        return new NodeView(node.Name, node.FirstJournalLsn, node.Journal.Written.ToArray(), [.. _table])
        {
            Digests = node.Core!.ReadDigests(),
            Recounted = node.Core.RecountDigests(),
        };
    }

    private void ReadTable(SimNode node)
    {
        _table.Clear();
        node.Core!.ReadTable(_table);
    }
}
