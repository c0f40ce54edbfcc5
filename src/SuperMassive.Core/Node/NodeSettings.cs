namespace SuperMassive.Core.Node;

/// <summary>When a write is answered, in terms of the journal.</summary>
public enum JournalMode
{
    /// <summary>From memory; a bounded queue is written behind.</summary>
    Async,

    /// <summary>After the ordered write() returned: survives the death of the process.</summary>
    Written,

    /// <summary>After a group fsync: survives a power cut.</summary>
    Always,
}

/// <summary>All that a node or a replica is told from outside. Replaced as a whole on RCNF.</summary>
public sealed record NodeSettings
{
    /// <summary>A replica takes its writes from its primary's journal and refuses them from a cluster.</summary>
    public bool IsReplica { get; init; }

    /// <summary>The address this process listens on, as STAT names it.</summary>
    public required string Address { get; init; }

    public IReadOnlyList<PeerAddress> Replicas { get; init; } = [];

    public required byte[] SharedKey { get; init; }

    public JournalMode JournalMode { get; init; } = JournalMode.Written;

    public int SyncIntervalMs { get; init; } = 128;

    /// <summary>How many replicas must have applied a write before it is answered.</summary>
    public int ReplicaAcks { get; init; }

    public int HealthCheckIntervalMs { get; init; } = 2_000;

    /// <summary>Bytes that entries and index may take.</summary>
    public long MaxMemoryBytes { get; init; } = long.MaxValue;

    /// <summary>
    /// What the journal may take of the disk beyond three times the live data and one segment, so that a replica that was away can go on
    /// where it was instead of starting over.
    /// </summary>
    public long JournalRetentionBytes { get; init; }

    public Limits Limits { get; init; } = new();
}
