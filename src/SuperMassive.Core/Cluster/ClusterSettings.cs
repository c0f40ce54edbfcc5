namespace SuperMassive.Core.Cluster;

/// <summary>What a read may return while a primary cannot be reached.</summary>
public enum ReadMode
{
    /// <summary>The newest value or <c>ERR key-value unavailable</c>.</summary>
    Consistent,

    /// <summary>The newest value that can be reached, possibly an older one.</summary>
    Available,
}

/// <summary>One shard: a primary and the replicas that answer for it while it is down.</summary>
public sealed record ShardSettings(PeerAddress Primary, IReadOnlyList<PeerAddress> Replicas);

/// <summary>All that a cluster process is told from outside. Replaced as a whole on RCNF.</summary>
public sealed record ClusterSettings
{
    /// <summary>The address clients connect to, as STAT names it.</summary>
    public required string Address { get; init; }

    public required IReadOnlyList<ShardSettings> Shards { get; init; }

    public required byte[] Username { get; init; }

    public required byte[] Password { get; init; }

    public required byte[] SharedKey { get; init; }

    public ReadMode ReadMode { get; init; } = ReadMode.Consistent;

    public int HealthCheckIntervalMs { get; init; } = 2_000;

    /// <summary>How many keys' newest holders are remembered.</summary>
    public int HintCapacity { get; init; } = 1 << 20;

    public int ScanTimeoutMs { get; init; } = 30_000;

    /// <summary>A command that takes this long is reported.</summary>
    public int SlowCommandMs { get; init; } = 1_000;

    public Limits Limits { get; init; } = new();
}
