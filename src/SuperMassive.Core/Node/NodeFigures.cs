namespace SuperMassive.Core.Node;

/// <summary>A node or a replica at one moment, for health and metrics; immutable, so that any thread may read it.</summary>
public sealed record NodeFigures
{
    /// <summary>Without durations: a node handles a command at once, and what its reply waits for is the journal.</summary>
    public required CommandFigures Commands { get; init; }

    /// <summary>Of a primary: its replicas.</summary>
    public required IReadOnlyList<FeedFigures> Replicas { get; init; }

    public bool IsReplica { get; init; }

    public int Connections { get; init; }

    public long Keys { get; init; }

    public long Tombstones { get; init; }

    /// <summary>Bytes that entries and index take.</summary>
    public long UsedBytes { get; init; }

    public long MaxBytes { get; init; }

    /// <summary>The first LSN that the journal still holds.</summary>
    public long FirstLsn { get; init; }

    public long EndLsn { get; init; }

    /// <summary>Where a replay over the newest checkpoint begins; 0 when there is none.</summary>
    public long CheckpointLsn { get; init; }

    /// <summary>Length of the newest checkpoint's file; 0 when there is none.</summary>
    public long CheckpointBytes { get; init; }

    public long WrittenLsn { get; init; }

    public long SyncedLsn { get; init; }

    /// <summary>Of a replica: the end of the last record applied; on a primary the end of its journal.</summary>
    public long AppliedLsn { get; init; }

    /// <summary>Why the journal can no longer be written, or null.</summary>
    public string? JournalFailure { get; init; }

    /// <summary>Of a replica: whether it follows its primary; always true on a primary.</summary>
    public bool IsInSync { get; init; }
}

/// <summary>A primary's view of one replica.</summary>
/// <param name="LagBytes">Journal that the replica has not acknowledged as applied.</param>
/// <param name="LagMs">For how long, at most, it has lacked the oldest of that; 0 when it lacks nothing.</param>
public readonly record struct FeedFigures(LinkFigures Link, bool IsInSync, long LagBytes, long LagMs)
{
    /// <summary>What comparing its table with the primary's has shown.</summary>
    public ComparisonFigures Comparison { get; init; }
}
