using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;
using SuperMassive.Simulator.Faults;

namespace SuperMassive.Simulator;

/// <summary>
/// Runs in which primaries are away for moments, and the replicas asked in their place are slow: their answers come when the primaries are
/// back and have been told more.
/// </summary>
internal static class StandInFocus
{
    public static Plan On(Plan plan, FaultSet allowed, SimRandom random)
    {
        if (!allowed.Contains(FaultKind.Reset) || !allowed.Contains(FaultKind.OneWay))
            return plan;
        return plan with
        {
            Faults = FaultSet.None.With(FaultKind.Reset),
            DelaysStandIns = true,
            Frequent = FaultSet.None.With(FaultKind.Reset),
            Nodes = random.Between(2, 3),
            ReplicasPerNode = random.Between(1, 2),
            ReplicaAcks = 0,
            Clients = random.Between(4, 6),
            HintCapacity = 4,
            HealthCheckIntervalMs = random.Between(200, 1_000),
            PeerTimeoutMs = random.Between(1_500, 3_000),
            MemoryBytes = null,
            ReadMode = ReadMode.Consistent,
            JournalMode = random.Pick<JournalMode>([JournalMode.Written, JournalMode.Always]),
            Limits = new Limits(),
            Network = plan.Network with { MaxLatencyUs = Math.Min(plan.Network.MaxLatencyUs, 3_000) },
            FaultyUs = random.Between(10_000_000, 16_000_000),
            Workload = plan.Workload with
            {
                Registers = random.Between(5, 8),
                Counters = random.Between(0, 1),
                Mixed = 0,
                OperationsPerClient = random.Between(150, 300),
                BurstOperations = random.Between(8, 30),
                ReadPerMille = random.Pick<int>([200, 400]),
                DeletePerMille = random.Pick<int>([0, 20]),
                ScanPerMille = random.Pick<int>([0, 150, 300]),
                WindowPerMille = 0,
                LongestValueBytes = 1_000,
            },
        };
    }
}
