using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;
using SuperMassive.Simulator.Clients;
using SuperMassive.Simulator.Faults;
using SuperMassive.Simulator.Networking;

namespace SuperMassive.Simulator;

/// <summary>What one seed stands for: the size of the topology, its settings, its load and what may go wrong.</summary>
public sealed record Plan
{
    public required ulong Seed { get; init; }

    public int Nodes { get; init; } = 2;

    public int ReplicasPerNode { get; init; } = 1;

    public int Clients { get; init; } = 4;

    public JournalMode JournalMode { get; init; } = JournalMode.Written;

    public int ReplicaAcks { get; init; }

    /// <summary>
    /// Less than nothing takes the journal's room for replicas that are behind away: primaries let go of it at every checkpoint, and such
    /// replicas start over.
    /// </summary>
    public long JournalRetentionBytes { get; init; }

    public int HealthCheckIntervalMs { get; init; } = 1_000;

    /// <summary>How long processes wait for each other to connect, to take bytes and to answer.</summary>
    public int PeerTimeoutMs { get; init; } = 2_000;

    public ReadMode ReadMode { get; init; }

    /// <summary>What the entries of a primary may take beyond an empty table; null: whatever they need.</summary>
    public int? MemoryBytes { get; init; }

    /// <summary>What a client connection may cost the cluster process.</summary>
    public Limits Limits { get; init; } = new();

    /// <summary>Small caches lose hints, which must cost a gather and never a wrong answer.</summary>
    public int HintCapacity { get; init; } = 1_024;

    /// <summary>Small segments, so that checkpoints and deletions of segments are many.</summary>
    public int SegmentPages { get; init; } = 8;

    public NetworkSettings Network { get; init; } = new();

    public WorkloadSettings Workload { get; init; } = new();

    public FaultSet Faults { get; init; }

    /// <summary>Whether paths are cut where a connection is: between any two processes mostly nothing is on its way.</summary>
    public bool CutsConnections { get; init; }

    /// <summary>Whether a primary's connection breaks while the paths from the cluster process to its replicas are cut for a moment.</summary>
    public bool DelaysStandIns { get; init; }

    /// <summary>The same between primaries and their replicas.</summary>
    public bool CutsReplication { get; init; }

    /// <summary>How long an fsync of every disk may take; null: each has its own.</summary>
    public int? SlowestSyncUs { get; init; }

    /// <summary>What happens again and again.</summary>
    public FaultSet Frequent { get; init; }

    /// <summary>
    /// Whether primaries lose their disks and go on with empty ones, taking everything back from a replica: what they cannot reach meanwhile is
    /// lost (docs/operations.md), so nothing else may stand in the way.
    /// </summary>
    public bool EmptiesPrimaries { get; init; }

    /// <summary>How long the clients are under fire before everything heals.</summary>
    public long FaultyUs { get; init; } = 20_000_000;

    /// <summary>
    /// Whether this mode under these faults may lose what it acknowledged (semantics.md, what an OK promises about disk). Then order and
    /// survival are not checked; that nothing is invented and that all copies agree at last still is.
    /// </summary>
    public bool MayLose => JournalMode switch
    {
        JournalMode.Async => Faults.Contains(FaultKind.Crash) || Faults.Contains(FaultKind.CrashWrite) || Faults.Contains(FaultKind.Power),
        JournalMode.Written => Faults.Contains(FaultKind.Power),
        _ => false,
    };

    /// <summary>
    /// Whether what a primary held may be gone because it was taken out of the configuration. That deleted keys do not come back with it
    /// is still checked.
    /// </summary>
    public bool LosesByRemoval => Faults.Contains(FaultKind.Removal);

    /// <summary>
    /// Whether a read may show what is over, because something cannot be reached in <c>read-mode: available</c>. Writes, what they answer, and
    /// the reads after all has healed are still in order.
    /// </summary>
    public bool ReadsMayBeOld => ReadMode == ReadMode.Available;

    /// <summary>The same of REGX, which also shows what a replica holds whose table is wrong, until its primary has found out.</summary>
    public bool ScansMayBeOld => ReadsMayBeOld || Faults.Contains(FaultKind.Rot);

    /// <summary>Of so few kinds all that are allowed are wanted, rare or not.</summary>
    private const int FewFaults = 4;

    /// <summary>What would take from replicas what they have acknowledged: with a disk lost as well nobody promises anything.</summary>
    private static readonly FaultSet AgainstReplicas = FaultSet.None.With(FaultKind.Power).With(FaultKind.BitFlip)
        .With(FaultKind.FailSync).With(FaultKind.FailWrite).With(FaultKind.FullDisk).With(FaultKind.Rot).With(FaultKind.Emptied);

    /// <param name="allowed">What <c>--faults</c> allows; a run takes a part of it, so that faults are also seen alone.</param>
    public static Plan From(ulong seed, FaultSet allowed)
    {
        var random = new SimRandom(seed ^ 0x5EED);
        var faults = DrawFaults(allowed, random);
        var losesDisks = faults.Contains(FaultKind.DiskLoss);
        var replicas = losesDisks || faults.Contains(FaultKind.Rot) ? random.Between(1, 2) : random.Pick<int>([0, 1, 1, 2]);
        var plan = new Plan
        {
            Seed = seed,
            JournalRetentionBytes = seed % 3 == 0 ? -(1 << 20) : 0,
            Nodes = faults.Contains(FaultKind.Removal) ? random.Between(2, 4) : random.Between(1, 4),
            ReplicasPerNode = replicas,
            ReplicaAcks = losesDisks || random.Chance(100) ? random.Between(1, Math.Max(replicas, 1)) : 0,
            Clients = random.Between(2, 6),
            JournalMode = losesDisks ? random.Pick<JournalMode>([JournalMode.Written, JournalMode.Always]) : DrawMode(faults, random),
            ReadMode = random.Chance(60) ? ReadMode.Available : ReadMode.Consistent,
            MemoryBytes = random.Chance(80) ? random.Skewed(300, 6_000) : null,
            Limits = random.Chance(200) ? DrawLimits(random) : new Limits(),
            HealthCheckIntervalMs = random.Between(200, 2_000),
            PeerTimeoutMs = random.Between(500, 4_000),
            HintCapacity = random.Chance(250) ? 4 : 1_024,
            Network = DrawNetwork(random),
            Workload = DrawWorkload(random),
            Faults = faults,
            FaultyUs = random.Between(8_000_000, 20_000_000),
            SegmentPages = random.Between(4, 16),
        };
        return PlanFocus.Of(plan, allowed);
    }

    private static FaultSet DrawFaults(FaultSet allowed, SimRandom random)
    {
        var share = random.Pick<int>([100, 300, 600, 1_000]);
        var faults = FaultSet.None;
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            var isDrawn = random.Chance(share);
            var perMille = FaultSet.PerMille(kind);
            if (perMille < 1_000)
                isDrawn = random.Chance(allowed.Count <= FewFaults ? 500 : perMille);
            if (allowed.Contains(kind) && isDrawn)
                faults = faults.With(kind);
        }
        return Compatible(faults);
    }

    /// <summary>Without what would take all promises away together with another fault of the set.</summary>
    internal static FaultSet Compatible(FaultSet faults)
    {
        if (faults.Contains(FaultKind.DiskLoss))
            faults = faults.Without(AgainstReplicas);
        // who forgets what it assigned and purged needs a clock that only goes forward, and nodes that were there all the time
        if (faults.Contains(FaultKind.Takeover) || faults.Contains(FaultKind.Removal))
            faults = faults.Without(FaultKind.StateLoss);
        return faults.Contains(FaultKind.StateLoss) ? faults.Without(FaultKind.Clock) : faults;
    }

    private static Limits DrawLimits(SimRandom random) => new()
    {
        PendingCommands = random.Between(1, 8),
        OutputBytes = random.Skewed(200, 20_000),
    };

    /// <summary>Mostly a mode that keeps its promises under the faults drawn, since that is what can be checked best.</summary>
    private static JournalMode DrawMode(FaultSet faults, SimRandom random)
    {
        if (random.Chance(50))
            return JournalMode.Async;
        if (faults.Contains(FaultKind.Power))
            return random.Chance(900) ? JournalMode.Always : JournalMode.Written;
        return random.Chance(700) ? JournalMode.Written : JournalMode.Always;
    }

    private static NetworkSettings DrawNetwork(SimRandom random) => new()
    {
        MinLatencyUs = random.Skewed(20, 500),
        MaxLatencyUs = random.Skewed(600, 20_000),
        WindowBytes = random.Pick<int>([4 << 10, 64 << 10, 256 << 10]),
        SplitPerMille = random.Pick<int>([0, 50, 500]),
        RetransmitPerMille = random.Below(6),
    };

    private static WorkloadSettings DrawWorkload(SimRandom random)
    {
        var isWide = random.Chance(200);
        var isLong = random.Chance(40);
        return new WorkloadSettings
        {
            Registers = isWide ? random.Pick<int>([60, 60, 60, 300]) : random.Between(1, 4),
            Counters = random.Between(0, 3),
            Mixed = isWide ? 20 : random.Between(0, 3),
            OperationsPerClient = random.Between(40, 120),
            ReadPerMille = random.Pick<int>([200, 400, 700]),
            DeletePerMille = random.Pick<int>([0, 50, 200]),
            ScanPerMille = random.Pick<int>([0, 10, 50, 150]),
            WindowPerMille = random.Pick<int>([0, 300]),
            LongestValueBytes = isLong ? 60_000 : 3_000,
            LongPerMille = isLong ? 20 : 50,
            EmptyPerMille = random.Pick<int>([0, 0, 100]),
            DecimalPerMille = random.Pick<int>([0, 0, 200]),
            CountsAtLimit = random.Chance(60),
            AskPerMille = random.Pick<int>([0, 0, 30]),
        };
    }
}
