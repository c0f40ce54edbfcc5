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

    /// <summary>What may keep a node from having on its disk whom it obeys.</summary>
    private static readonly FaultSet AgainstFences = FaultSet.None.With(FaultKind.Power).With(FaultKind.FailSync).With(FaultKind.FailWrite)
        .With(FaultKind.FullDisk).With(FaultKind.CrashWrite);

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
        if (isKept && !_isHealing && second.IsRunning && !second.IsPaused && world.Random.Chance(500))
        {
            second.Pause();
            var pauses = second.Pauses;
            world.Scheduler.After(world.Random.Between(300_000, 3_000_000), () =>
            {
                if (pauses == second.Pauses)
                    second.Resume();
            });
            foreach (var shard in layout.Configured.Where(shard => shard.Primary.IsRunning).ToList())
            {
                shard.Primary.Crash();
                world.Scheduler.After(world.Random.Between(1_000, 20_000), shard.Primary.StartWithOperator);
            }
        }
        first.Resume();
    }

    private void Watch()
    {
        if (_rulesSinceUs < long.MaxValue)
            return;
        if (second.Core is ClusterCoreAdapter { HasAllPrimaries: true })
        {
            _rulesSinceUs = world.Scheduler.NowUs;
            var delayUs = world.Random.Chance(400) ? world.Random.Between(1_000_000, 6_000_000) : world.Random.Skewed(1_000, 4_000_000);
            world.Scheduler.After(delayUs, WakeFirst);
            return;
        }
        world.Scheduler.After(WatchUs, Watch);
    }
}
