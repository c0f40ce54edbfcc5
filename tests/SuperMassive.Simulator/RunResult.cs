using SuperMassive.Simulator.Checking;

namespace SuperMassive.Simulator;

/// <summary>What came of one seed.</summary>
public sealed record RunResult
{
    public required Plan Plan { get; init; }

    public required IReadOnlyList<Violation> Violations { get; init; }

    public required ulong TraceHash { get; init; }

    public required long SimulatedUs { get; init; }

    public required long Events { get; init; }

    public required History History { get; init; }

    /// <summary>By <see cref="Faults.FaultKind"/>.</summary>
    public required int[] Faults { get; init; }

    public required long CheckpointsInstalled { get; init; }

    public required long SegmentsDeleted { get; init; }

    public required long PagesRepaired { get; init; }

    /// <summary>Replicas that began anew from a checkpoint.</summary>
    public long StartedOver { get; init; }

    /// <summary>What happened, when the run was asked to tell.</summary>
    public required IReadOnlyList<string> Lines { get; init; }
}
