using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;
using SuperMassive.Simulator.Checking;
using SuperMassive.Simulator.Faults;
using SuperMassive.Simulator.Processes;

namespace SuperMassive.Simulator.Cores;

/// <summary>
/// The cluster process hangs, and its operator starts a second one with its state file. When that one rules over every primary, the
/// first wakes up again: it can change nothing any more, whatever it still believes.
/// </summary>
internal sealed class Takeover(World world, Plan plan, Layout layout, SimCluster first, SimCluster second)
{
    private const int WatchUs = 20_000;
    private const int LongestWaitUs = 10_000_000;

    /// <summary>What may keep a node from having on its disk whom it obeys.</summary>
    private static readonly FaultSet AgainstFences = FaultSet.None.With(FaultKind.Power).With(FaultKind.FailSync).With(FaultKind.FailWrite)
        .With(FaultKind.FullDisk).With(FaultKind.CrashWrite);

    /// <summary>The ends of the primaries' journals when they had all begun to obey the second.</summary>
    private readonly Dictionary<SimNode, long> _ruledLsn = [];

    private long _beganUs = long.MaxValue;
    private bool _isHealing;

    /// <summary>Since when every primary obeys the second.</summary>
    private long _rulesSinceUs = long.MaxValue;

    public bool HasBegun => _beganUs < long.MaxValue;

    public SimCluster Current => HasBegun ? second : first;

    public bool Begin()
    {
        // a process that has joined nobody yet is no older one: whichever joins last rules; and one that knows a primary which the files do
        // not name could not be kept from it by anybody
        if (HasBegun || (first.Core is ClusterCoreAdapter core && !(core.HasAllPrimaries && core.HasPrimaries(layout.Configured))))
            return false;
        _beganUs = world.Scheduler.NowUs;
        first.IsRetired = true;
        if (first.IsRunning)
            first.Pause();
        world.Say($"{second.Name} takes over from {first.Name}");
        second.TakeOver(first.SavedState with { ClusterId = world.Random.Next() });
        second.Settings = layout.ClusterSettings(second.Address);
        second.IsRetired = false;
        second.Start();
        Watch();
        return true;
    }

    /// <summary>Where the first still hangs because the second never came to rule, it is killed.</summary>
    public void BeforeHealing()
    {
        _isHealing = true;
        if (HasBegun && _rulesSinceUs == long.MaxValue)
            first.Crash();
    }

    /// <summary>Clients find either of them, as long as the first is there at all.</summary>
    public string AddressFor(SimRandom random, bool isHealed) =>
        HasBegun && !isHealed && first.IsRunning && random.Chance(300) ? first.Address : Current.Address;

    /// <summary>What the first says about data after it was replaced may be old; what it says about its own writes must be true.</summary>
    public Operation? AsPromised(Operation operation)
    {
        if (operation.Server != first.Address || operation.ReturnUs < _beganUs || operation.Outcome == Outcome.Pending)
            return operation;
        if (operation.IsWrite && operation.Outcome is Outcome.Ok or Outcome.Indeterminate or Outcome.Refused)
            return operation;
        return operation.Kind != OperationKind.Delete ? null : new Operation
        {
            Id = operation.Id,
            Kind = OperationKind.Delete,
            Key = operation.Key,
            Client = operation.Client,
            InvokeUs = operation.InvokeUs,
            ReturnUs = operation.ReturnUs,
            Outcome = Outcome.Indeterminate,
        };
    }

    public void Check(IEnumerable<Operation> operations, List<Violation> into)
    {
        foreach (var operation in operations)
        {
            if (operation.Server == first.Address && operation.IsAcknowledgedWrite && operation.InvokeUs > _rulesSinceUs)
            {
                into.Add(new Violation("takeover", operation.Key,
                    $"#{operation.Id} was acknowledged by a process that was replaced before"));
            }
        }
    }

    /// <summary>Sometimes when all primaries have just begun anew, and before the second has found them again.</summary>
    private void WakeFirst()
    {
        var isKept = plan.JournalMode != JournalMode.Async && plan.Faults.And(AgainstFences) == FaultSet.None;
        if (isKept && world.Random.Chance(600))
            RestartAllThenWake(world.Random.Chance(500) ? world.Scheduler.NowUs + LongestWaitUs : 0);
        else
            first.Resume();
    }

    /// <summary>Until a time waits for checkpoints, so that all begin with one that was made under the second.</summary>
    private void RestartAllThenWake(long waitsUntilUs)
    {
        var primaries = layout.Configured.Select(shard => shard.Primary).ToList();
        if (!_isHealing && world.Scheduler.NowUs < waitsUntilUs && !primaries.TrueForAll(HasCheckpointOfSecond))
        {
            world.Scheduler.After(WatchUs, () => RestartAllThenWake(waitsUntilUs));
            return;
        }
        if (!_isHealing && second.IsRunning && !second.IsPaused)
        {
            second.Pause();
            var pauses = second.Pauses;
            world.Scheduler.After(world.Random.Between(300_000, 3_000_000), () =>
            {
                if (pauses == second.Pauses)
                    second.Resume();
            });
            foreach (var primary in primaries.Where(primary => primary.IsRunning))
            {
                primary.Crash();
                world.Scheduler.After(world.Random.Between(1_000, 20_000), primary.StartWithOperator);
            }
        }
        first.Resume();
    }

    private bool HasCheckpointOfSecond(SimNode primary) => primary.Checkpoints.NewestFirst.FirstOrDefault() is { } checkpoint
        && checkpoint.Lsn > _ruledLsn.GetValueOrDefault(primary);

    private void Watch()
    {
        if (_rulesSinceUs < long.MaxValue)
            return;
        if (second.Core is ClusterCoreAdapter { HasAllPrimaries: true })
        {
            _rulesSinceUs = world.Scheduler.NowUs;
            foreach (var shard in layout.Configured)
                _ruledLsn[shard.Primary] = shard.Primary.Journal.Length;
            world.Scheduler.After(world.Random.Skewed(1_000, 4_000_000), WakeFirst);
            return;
        }
        world.Scheduler.After(WatchUs, Watch);
    }
}
