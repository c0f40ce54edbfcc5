using SuperMassive.Core.Node;
using SuperMassive.Simulator.Clients;
using SuperMassive.Simulator.Faults;

namespace SuperMassive.Simulator;

/// <summary>
/// Situations that a plan drawn at large hardly ever makes, each for some of the seeds. A plan stays as it is where the faults that its
/// situation needs are not allowed.
/// </summary>
internal static class PlanFocus
{
    /// <summary>What concerns the topology or a disk as a whole; each is seen alone with a few of <see cref="Company"/>.</summary>
    private static readonly FaultKind[] OfWholes =
    [
        FaultKind.Takeover, FaultKind.Takeover, FaultKind.DiskLoss, FaultKind.DiskLoss, FaultKind.Reconfigure,
        FaultKind.Removal, FaultKind.Removal, FaultKind.StateLoss, FaultKind.Rot, FaultKind.Emptied, FaultKind.FullDisk, FaultKind.FullDisk,
    ];

    private static readonly FaultSet Company = FaultSet.None.With(FaultKind.Crash).With(FaultKind.CrashWrite).With(FaultKind.Pause)
        .With(FaultKind.Reset).With(FaultKind.Partition).With(FaultKind.OneWay).With(FaultKind.Stop).With(FaultKind.SlowDisk)
        .With(FaultKind.Power).With(FaultKind.ClientCrash).With(FaultKind.FailCheckpoint);

    /// <summary>What leaves a primary that lost its disk the replicas that it takes everything back from.</summary>
    private static readonly FaultSet CompanyOfEmptied = FaultSet.None.With(FaultKind.ClientCrash).With(FaultKind.SlowClient)
        .With(FaultKind.Clock).With(FaultKind.FailCheckpoint);

    private static readonly FaultSet Cuts = FaultSet.None.With(FaultKind.Partition).With(FaultKind.OneWay);

    private static readonly FaultSet Losses = FaultSet.None.With(FaultKind.Crash).With(FaultKind.Power);

    public static Plan Of(Plan plan, FaultSet allowed)
    {
        var random = new SimRandom(plan.Seed ^ 0xF0C5);
        return (plan.Seed % 64, plan.Seed % 8) switch
        {
            (5 or 37, _) => OnMasses(plan, allowed, random),
            (_, 0 or 4) => OnHotKeys(plan, allowed, random),
            (_, 2) => OnCoverage(plan, allowed, random),
            (_, 3) => StandInFocus.On(plan, allowed, random),
            (_, 6) => OnWholes(plan, allowed, random),
            _ => plan,
        };
    }

    /// <summary>
    /// One hot key after the other and so few hints that reads of everybody meet writes, links that break under them, and power cuts where
    /// not all that is written is on the disk.
    /// </summary>
    private static Plan OnHotKeys(Plan plan, FaultSet allowed, SimRandom random)
    {
        var faults = plan.Faults;
        foreach (var kind in (ReadOnlySpan<FaultKind>)[FaultKind.OneWay, FaultKind.Reset, FaultKind.CrashWrite])
        {
            if (allowed.Contains(kind) && random.Chance(600))
                faults = faults.With(kind);
        }
        return plan with
        {
            Faults = faults,
            CutsConnections = true,
            Frequent = FaultSet.None.With(FaultKind.OneWay).With(FaultKind.Reset),
            Nodes = Math.Max(2, plan.Nodes),
            Clients = random.Between(4, 6),
            HintCapacity = 4,
            PeerTimeoutMs = random.Between(400, 1_500),
            MemoryBytes = null,
            JournalMode = faults.Contains(FaultKind.Power) && !faults.Contains(FaultKind.DiskLoss)
                ? random.Pick<JournalMode>([JournalMode.Written, JournalMode.Always])
                : plan.JournalMode,
            Workload = HotKeys(plan.Workload, random),
        };
    }

    /// <summary>
    /// Primaries come and go while the paths to their replicas are cut, so that those are behind, ahead or in another history when they are
    /// asked in their place.
    /// </summary>
    private static Plan OnCoverage(Plan plan, FaultSet allowed, SimRandom random)
    {
        var faults = allowed.And(Cuts.With(Losses));
        if (faults.And(Cuts) == FaultSet.None || faults.And(Losses) == FaultSet.None)
            return plan;
        var losesPower = faults.Contains(FaultKind.Power);
        return plan with
        {
            Faults = faults,
            CutsReplication = true,
            Frequent = faults,
            Nodes = random.Between(1, 3),
            ReplicasPerNode = random.Between(1, 2),
            ReplicaAcks = 0,
            Clients = random.Between(4, 6),
            HintCapacity = random.Pick<int>([4, 1_024]),
            HealthCheckIntervalMs = random.Between(100, 600),
            PeerTimeoutMs = random.Between(300, 1_500),
            MemoryBytes = null,
            ReadMode = default,
            JournalMode = losesPower ? JournalMode.Always : JournalMode.Written,
            SlowestSyncUs = losesPower ? random.Between(2_000, 200_000) : null,
            Workload = HotKeys(plan.Workload, random) with
            {
                LongPerMille = random.Pick<int>([50, 300]),
                ReadPerMille = random.Pick<int>([500, 700]),
                ScanPerMille = random.Pick<int>([0, 100]),
            },
        };
    }

    /// <summary>One of the faults that concern a whole topology or disk, often, and little else.</summary>
    private static Plan OnWholes(Plan plan, FaultSet allowed, SimRandom random)
    {
        var kinds = Array.FindAll(OfWholes, allowed.Contains);
        if (kinds.Length == 0)
            return plan;
        var kind = random.Pick<FaultKind>(kinds);
        var faults = FaultSet.None.With(kind);
        foreach (var other in Enum.GetValues<FaultKind>())
        {
            var fits = (kind == FaultKind.Emptied ? CompanyOfEmptied : Company).Contains(other);
            if (random.Chance(200) && fits && allowed.Contains(other))
                faults = faults.With(other);
        }
        var forgets = kind is FaultKind.Removal or FaultKind.FullDisk;
        var needsReplicas = kind is FaultKind.DiskLoss or FaultKind.Emptied or FaultKind.Rot;
        var replicas = needsReplicas ? random.Between(1, 2) : random.Below(2);
        return plan with
        {
            Faults = Plan.Compatible(faults),
            Frequent = FaultSet.None.With(kind),
            EmptiesPrimaries = kind == FaultKind.Emptied,
            Nodes = random.Between(forgets ? 2 : 1, 3),
            ReplicasPerNode = replicas,
            // a primary is emptied when its replicas have all it holds, acknowledged or not
            ReplicaAcks = kind == FaultKind.DiskLoss ? random.Chance(700) ? replicas : 1 : kind == FaultKind.Emptied ? random.Below(2) : 0,
            JournalMode = faults.Contains(FaultKind.Power) ? JournalMode.Always
                : random.Pick<JournalMode>([JournalMode.Written, JournalMode.Always]),
            HealthCheckIntervalMs = random.Between(100, 1_000),
            MemoryBytes = null,
            FaultyUs = random.Between(12_000_000, 20_000_000),
            Workload = plan.Workload with
            {
                Registers = random.Between(4, forgets ? 40 : 10),
                OperationsPerClient = random.Between(80, 200),
                DeletePerMille = forgets ? 250 : plan.Workload.DeletePerMille,
                ReadPerMille = random.Pick<int>([200, forgets ? 600 : 400]),
            },
        };
    }

    /// <summary>So many keys, all written and all deleted again, that whatever is listed page by page takes several of them.</summary>
    private static Plan OnMasses(Plan plan, FaultSet allowed, SimRandom random)
    {
        var faults = FaultSet.None;
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            if (random.Chance(300) && allowed.Contains(kind) && Company.Contains(kind) && kind != FaultKind.Power)
                faults = faults.With(kind);
        }
        if (allowed.Contains(FaultKind.Crash))
            faults = faults.With(FaultKind.Crash);
        return plan with
        {
            Faults = faults,
            Frequent = FaultSet.None.With(FaultKind.Crash),
            Nodes = random.Between(1, 2),
            ReplicasPerNode = random.Below(2),
            ReplicaAcks = 0,
            Clients = random.Between(2, 3),
            JournalMode = JournalMode.Written,
            HintCapacity = random.Pick<int>([4, 1_024, 4_096]),
            HealthCheckIntervalMs = random.Between(100, 500),
            MemoryBytes = null,
            Limits = new(),
            Network = plan.Network with { MaxLatencyUs = Math.Min(plan.Network.MaxLatencyUs, 2_000) },
            FaultyUs = random.Between(10_000_000, 16_000_000),
            Workload = plan.Workload with
            {
                Registers = random.Between(800, 1_400),
                IsMass = true,
                Counters = 0,
                Mixed = 0,
                OperationsPerClient = random.Between(40, 80),
                ReadPerMille = 600,
                ScanPerMille = random.Pick<int>([0, 50]),
                LongPerMille = 0,
            },
        };
    }

    private static WorkloadSettings HotKeys(WorkloadSettings workload, SimRandom random) => random.Chance(250) ? HotCounters(workload, random)
        : Hot(workload, random) with
        {
            Registers = random.Between(5, 8),
            Counters = random.Between(0, 1),
            Mixed = random.Between(0, 1),
        };

    /// <summary>Chains of INCRs that break.</summary>
    private static WorkloadSettings HotCounters(WorkloadSettings workload, SimRandom random) => Hot(workload, random) with
    {
        Registers = random.Between(3, 6),
        Counters = random.Between(1, 2),
        Mixed = 0,
        HotCounterPerMille = 700,
        ReadPerMille = 100,
        DecimalPerMille = 0,
    };

    private static WorkloadSettings Hot(WorkloadSettings workload, SimRandom random) => workload with
    {
        OperationsPerClient = random.Between(150, 250),
        BurstOperations = random.Between(8, 30),
        LongestValueBytes = 3_000,
    };
}
