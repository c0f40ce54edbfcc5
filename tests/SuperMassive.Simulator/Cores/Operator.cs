using SuperMassive.Core;
using SuperMassive.Simulator.Checking;
using SuperMassive.Simulator.Clients;
using SuperMassive.Simulator.Processes;

namespace SuperMassive.Simulator.Cores;

/// <summary>
/// Who edits the configuration files and has them read by RCNF, under load: replicas come and go, a primary joins, another is taken out
/// with its data and comes back, intervals change, and now and then a file is invalid, which must change nothing anywhere.
/// </summary>
internal sealed class Operator
{
    private const string Problem = "health-check-interval: must be a duration";
    private const int RetryUs = 300_000;

    private readonly World _world;
    private readonly Layout _layout;
    private readonly IReadOnlyList<SimCluster> _clusters;
    private readonly SimRandom _random;
    private readonly SimClient _console;
    private readonly Reloads _reloads;
    private Trap? _trap;
    private LaidShard? _leaving;
    private bool _hasActed;
    private bool _isSettling;
    private long _settledUs;
    private bool _isReloaded;

    public Operator(World world, Layout layout, IReadOnlyList<SimCluster> clusters, Func<string> address)
    {
        _world = world;
        _layout = layout;
        _clusters = clusters;
        _random = world.Random.Fork();
        _reloads = new Reloads(Answered);
        _console = new SimClient(world, "operator", new ClientSettings
        {
            ServerAddress = _ => address(),
            Username = Topology.Username,
            Password = Topology.Password,
            PatienceUs = 10_000_000,
            ThinkUs = 1,
        }, _reloads, new History());
        world.Reported += Reported;
    }

    /// <summary>Whether all processes are told to run with what the files say: who could not be reached is to read its own when it is back.</summary>
    public bool IsSettled => !_hasActed || (_isSettling && _isReloaded);

    /// <summary>No RCNF is on its way to the process that would be replaced.</summary>
    public bool MayReplaceCluster => !_reloads.IsUnderWay;

    /// <summary>From here on the other cluster process is asked: nobody tells the replaced one of new primaries.</summary>
    public bool TurnToOther()
    {
        _console.Crash();
        return true;
    }

    public bool Reconfigure()
    {
        if (_reloads.IsUnderWay || !_clusters[0].IsRunning)
            return false;
        switch (_random.Below(4))
        {
            case 0:
                ToggleSpare(_layout.Shards[0]);
                break;
            case 1:
                _layout.Shards[^1].IsConfigured = true;
                break;
            case 2:
                _layout.HealthCheckIntervalMs = _random.Between(200, 2_000);
                break;
            default:
                SetTrap();
                break;
        }
        PublishAndReload();
        return true;
    }

    public bool Remove()
    {
        var configured = _layout.Configured.ToList();
        // a cluster process that has started since does not know of deletions that only a primary has which is away
        if (_reloads.IsUnderWay || configured.Count < 2 || !_clusters.Any(cluster => cluster.Core is ClusterCoreAdapter { HasAllPrimaries: true }))
            return false;
        var shard = _random.Pick(configured);
        _world.Say($"{shard.Primary.Name} is taken out of the configuration");
        shard.IsConfigured = false;
        shard.WasRemoved = true;
        _leaving = shard;
        PublishAndReload();
        _world.Scheduler.After(_random.Between(500_000, 12_000_000), () => PutBack(shard));
        return true;
    }

    /// <summary>All is about to heal: from here on the files stay, and every process is to have read them.</summary>
    public void Settle()
    {
        if (!_hasActed)
            return;
        _isSettling = true;
        _settledUs = _world.Scheduler.NowUs;
        _isReloaded = false;
        DisarmTrap();
        foreach (var shard in _layout.Shards.Where(shard => shard.WasRemoved))
            shard.IsConfigured = true;
        // whose link is not up yet is to read its file later
        if (_random.Chance(500))
            ToggleSpare(_layout.Shards[0]);
        Publish();
        if (!_reloads.IsUnderWay)
            Reload();
    }

    private void PutBack(LaidShard shard)
    {
        if (shard.IsConfigured)
            return;
        if (_reloads.IsUnderWay)
        {
            _world.Scheduler.After(RetryUs, () => PutBack(shard));
            return;
        }
        shard.IsConfigured = true;
        PublishAndReload();
        if (_random.Chance(300))
            RestartCluster(_random.Between(1_000, 100_000));
    }

    /// <summary>It meets all nodes at once, the one that was away perhaps first.</summary>
    private void RestartCluster(int afterUs) => _world.Scheduler.After(afterUs, () =>
    {
        if (_isSettling)
            return;
        foreach (var cluster in _clusters.Distinct().Where(cluster => cluster.IsRunning && !cluster.IsPaused && !cluster.IsRetired).ToList())
        {
            cluster.Crash();
            _world.Scheduler.After(_random.Between(1_000, 500_000), cluster.Start);
        }
    });

    private static void ToggleSpare(LaidShard shard)
    {
        if (shard.Spare is { } spare && !shard.Replicas.Remove(spare))
            shard.Replicas.Add(spare);
    }

    private void PublishAndReload()
    {
        _hasActed = true;
        Publish();
        Reload();
    }

    private void Publish()
    {
        _layout.Publish();
        foreach (var cluster in _clusters)
            cluster.Settings = _layout.ClusterSettings(cluster.Address);
        _trap?.Publish();
    }

    private void Reload()
    {
        _reloads.Ask();
        _console.Start();
        _console.Wake();
    }

    /// <summary>One file is invalid, and another one valid and different: it must not be read while the first is not.</summary>
    private void SetTrap()
    {
        var broken = _random.Pick<SimProcess>([.. _layout.Configured.Select(shard => shard.Primary), _clusters[0]]);
        var other = _random.Pick(_layout.Configured.ToList()).Primary;
        if (broken == other || !other.IsRunning)
            return;
        var trap = new Trap(broken, other);
        if (trap.HasLeaked)
            return; // an earlier trap's file was read rightly
        _trap = trap;
        _world.Say($"the file of {broken.Name} is invalid, that of {other.Name} has changed");
    }

    private void DisarmTrap()
    {
        _trap?.Disarm();
        _trap = null;
    }

    private void Answered(Operation operation)
    {
        _world.Say($"RCNF: {operation.Outcome} {operation.Error}");
        if (_trap is { } trap && operation.Error?.Contains(Problem, StringComparison.Ordinal) == true && trap.HasLeaked)
            _world.Violations.Add(new Violation("reload", "", $"{operation.Error}, yet {trap.Other.Name} has read its file"));
        if (_leaving is { } shard && operation.Error?.Contains("deleted keys could come back", StringComparison.Ordinal) == true)
        {
            _world.Say($"{shard.Primary.Name} has to stay");
            shard.IsConfigured = true;
            Publish();
        }
        _leaving = null;
        var isTrapped = _trap is not null;
        DisarmTrap();
        if (!_isSettling)
            return;
        _isReloaded |= operation.Outcome == Outcome.Ok && !isTrapped && operation.InvokeUs >= _settledUs;
        if (!_isReloaded)
            _world.Scheduler.After(RetryUs, Reload);
    }

    /// <summary>
    /// A node was away while deletions were forgotten: its operator is told to empty it, and does. A cluster process that lost its state file may
    /// be told that it was replaced, and is started again: <c>docs/promises.md</c>.
    /// </summary>
    private void Reported(SimProcess process, CoreEvent what, string subject)
    {
        if (what == CoreEvent.Superseded && _clusters.Distinct().Count() == 1)
        {
            _world.Scheduler.After(100_000, () =>
            {
                process.Crash();
                process.Start();
            });
        }
        if (what != CoreEvent.NodeRefused
            || _layout.Shards.Find(shard => shard.Primary.Address == subject && shard.WasRemoved) is not { } refused)
            return;
        foreach (var node in refused.Replicas.Append(refused.Primary))
        {
            _world.Scheduler.After(1_000, () =>
            {
                node.Crash();
                node.ResetJournal(0);
                _world.Scheduler.After(100_000, node.Start);
            });
        }
    }

    private sealed class Trap(SimProcess broken, SimNode other)
    {
        private readonly long _before = other.Settings.MaxMemoryBytes;
        private readonly int _incarnation = other.Incarnation;

        public SimNode Other => other;

        private long Changed => _before == long.MaxValue ? long.MaxValue - 1 : _before + 1;

        /// <summary>Whether the process that must not read its file has, other than by a start.</summary>
        public bool HasLeaked =>
            other.Incarnation == _incarnation && other.Core is NodeCoreAdapter core && core.Figures().MaxBytes == Changed;

        public void Publish()
        {
            SetProblem(Problem);
            other.Settings = other.Settings with { MaxMemoryBytes = Changed };
        }

        public void Disarm()
        {
            SetProblem(null);
            other.Settings = other.Settings with { MaxMemoryBytes = _before };
        }

        private void SetProblem(string? problem)
        {
            if (broken is SimNode node)
                node.FileProblem = problem;
            else if (broken is SimCluster cluster)
                cluster.FileProblem = problem;
        }
    }
}
