namespace SuperMassive.Core.Cluster;

/// <summary>A cluster process at one moment, for health and metrics; immutable, so that any thread may read it.</summary>
public sealed record ClusterFigures
{
    public required CommandFigures Commands { get; init; }

    public required IReadOnlyList<LinkFigures> Links { get; init; }

    public int Connections { get; init; }

    /// <summary>Commands of clients without an answer.</summary>
    public int PendingCommands { get; init; }

    public int Primaries { get; init; }

    public int HealthyPrimaries { get; init; }

    public bool IsSuperseded { get; init; }

    public long Hints { get; init; }

    public long HintHits { get; init; }

    public long Gathers { get; init; }

    public long FailOvers { get; init; }

    /// <summary>Commands that took longer than <see cref="ClusterSettings.SlowCommandMs"/>, reported or not.</summary>
    public long SlowCommands { get; init; }
}
