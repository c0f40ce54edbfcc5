using SuperMassive.Core;
using SuperMassive.Core.Node;

namespace SuperMassive.Server.Configuration;

/// <summary>What <c>.node</c> says. Times are milliseconds here and mostly seconds in the file.</summary>
public sealed record NodeOptions
{
    public const string FileName = ".node";

    public int HealthCheckIntervalMs { get; init; } = 2_000;

    /// <summary>Percent of the memory this process may use: <see cref="ToSettings(Secrets)"/>.</summary>
    public int MaxMemoryThreshold { get; init; } = 75;

    public ServerOptions Server { get; init; } = new("localhost:4001");

    public IReadOnlyList<PeerAddress> Replicas { get; init; } = [];

    public JournalMode JournalMode { get; init; } = JournalMode.Written;

    public int SyncIntervalMs { get; init; } = 128;

    /// <summary>MiB that the journal may take of the disk beyond three times the live data and one segment.</summary>
    public int JournalRetentionMiB { get; init; }

    /// <summary>How many replicas must have applied a write before it is answered.</summary>
    public int ReplicaAcks { get; init; }

    /// <summary>Where health and metrics are served; empty: nowhere.</summary>
    public string HttpAddress { get; init; } = "";

    public Limits Limits { get; init; } = new();

    /// <summary>What a created file says: one replica on this machine.</summary>
    public static NodeOptions Published { get; } = new() { Replicas = [new PeerAddress("localhost:4002")] };

    private static readonly NodeOptions Standard = new();

    private static readonly OptionFile<NodeOptions> Format = new(
        FileName,
        "# A node: where it listens, how much memory it may take, and its replicas. Times are seconds; RCNF reloads this file.\n",
        Published, Standard, Bind);

    /// <exception cref="ConfigurationException">The file cannot be read, or something in it is wrong: all of it is named.</exception>
    public static NodeOptions Load(string directory) => Format.Load(directory);

    /// <summary>The same, after creating folder and file when there is no file.</summary>
    /// <exception cref="ConfigurationException"/>
    public static NodeOptions LoadOrCreate(string directory) => Format.LoadOrCreate(directory);

    /// <param name="directory">Where relative paths start.</param>
    /// <exception cref="ConfigurationException"/>
    public static NodeOptions Parse(string yaml, string directory) => Format.Parse(yaml, directory);

    /// <summary>The file that says this.</summary>
    public string Write() => Format.Write(this);

    /// <summary>With the memory threshold taken of the control group's limit, or of the physical memory where there is none.</summary>
    public NodeSettings ToSettings(Secrets secrets) => ToSettings(secrets, MemoryBudget.AvailableBytes);

    internal NodeSettings ToSettings(Secrets secrets, long availableBytes) => new()
    {
        Address = Server.Address,
        Replicas = Replicas,
        SharedKey = secrets.SharedKey,
        JournalMode = JournalMode,
        SyncIntervalMs = SyncIntervalMs,
        JournalRetentionBytes = (long)JournalRetentionMiB << 20,
        ReplicaAcks = ReplicaAcks,
        HealthCheckIntervalMs = HealthCheckIntervalMs,
        MaxMemoryBytes = MemoryBudget.Bytes(MaxMemoryThreshold, availableBytes),
        Limits = Limits with { CommandArrivalMs = Server.ReadTimeoutMs },
    };

    private static NodeOptions Bind(OptionMap map, NodeOptions from)
    {
        var to = new NodeOptions
        {
            HealthCheckIntervalMs = map.Value("health-check-interval", OptionKinds.Seconds, from.HealthCheckIntervalMs),
            MaxMemoryThreshold = map.Value("max-memory-threshold", OptionSections.Percent, from.MaxMemoryThreshold),
            Server = map.Section("server-config", from.Server, OptionSections.Server),
            Replicas = map.List("read-replicas", from.Replicas, new PeerAddress(""), OptionSections.Peer(OptionSections.Slash)),
            JournalMode = map.Optional("journal-mode", OptionKinds.Choice<JournalMode>(), from.JournalMode, Standard.JournalMode),
            SyncIntervalMs = map.Optional("sync-interval", OptionKinds.Duration, from.SyncIntervalMs, Standard.SyncIntervalMs),
            JournalRetentionMiB = map.Optional(
                "journal-retention", OptionSections.RetentionMiB, from.JournalRetentionMiB, Standard.JournalRetentionMiB),
            ReplicaAcks = map.Optional("replica-acks", OptionKinds.Count(0, 1_000), from.ReplicaAcks, Standard.ReplicaAcks),
            HttpAddress = OptionSections.HttpAddress(map, from.HttpAddress),
            Limits = OptionSections.Limits(map, from.Limits),
        };
        map.Check("replica-acks", () => to.ReplicaAcks > to.Replicas.Count
            ? $"{to.ReplicaAcks} is out of range; expected at most the number of read-replicas, {to.Replicas.Count}"
            : null);
        return to;
    }
}
