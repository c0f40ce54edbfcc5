using SuperMassive.Core;
using SuperMassive.Core.Node;

namespace SuperMassive.Server.Configuration;

/// <summary>What <c>.nodereplica</c> says. Times are milliseconds here and mostly seconds in the file.</summary>
public sealed record ReplicaOptions
{
    public const string FileName = ".nodereplica";

    public ServerOptions Server { get; init; } = new("localhost:4002");

    /// <summary>Percent of the memory this process may use: <see cref="ToSettings(Secrets)"/>.</summary>
    public int MaxMemoryThreshold { get; init; } = 75;

    public JournalMode JournalMode { get; init; } = JournalMode.Written;

    public int SyncIntervalMs { get; init; } = 128;

    /// <summary>MiB that the journal may take of the disk beyond three times the live data and one segment.</summary>
    public int JournalRetentionMiB { get; init; }

    /// <summary>Where health and metrics are served; empty: nowhere.</summary>
    public string HttpAddress { get; init; } = "";

    public Limits Limits { get; init; } = new();

    /// <summary>What a created file says.</summary>
    public static ReplicaOptions Published { get; } = new();

    private static readonly OptionFile<ReplicaOptions> Format = new(
        FileName,
        "# A replica: where it listens and how much memory it may take. Times are seconds; RCNF reloads this file.\n",
        Published, Published, Bind);

    /// <exception cref="ConfigurationException">The file cannot be read, or something in it is wrong: all of it is named.</exception>
    public static ReplicaOptions Load(string directory) => Format.Load(directory);

    /// <summary>The same, after creating folder and file when there is no file.</summary>
    /// <exception cref="ConfigurationException"/>
    public static ReplicaOptions LoadOrCreate(string directory) => Format.LoadOrCreate(directory);

    /// <param name="directory">Where relative paths start.</param>
    /// <exception cref="ConfigurationException"/>
    public static ReplicaOptions Parse(string yaml, string directory) => Format.Parse(yaml, directory);

    /// <summary>The file that says this.</summary>
    public string Write() => Format.Write(this);

    /// <summary>With the memory threshold taken of the control group's limit, or of the physical memory where there is none.</summary>
    public NodeSettings ToSettings(Secrets secrets) => ToSettings(secrets, MemoryBudget.AvailableBytes);

    internal NodeSettings ToSettings(Secrets secrets, long availableBytes) => new()
    {
        IsReplica = true,
        Address = Server.Address,
        SharedKey = secrets.SharedKey,
        JournalMode = JournalMode,
        SyncIntervalMs = SyncIntervalMs,
        JournalRetentionBytes = (long)JournalRetentionMiB << 20,
        MaxMemoryBytes = MemoryBudget.Bytes(MaxMemoryThreshold, availableBytes),
        Limits = Limits with { CommandArrivalMs = Server.ReadTimeoutMs },
    };

    private static ReplicaOptions Bind(OptionMap map, ReplicaOptions from) => new()
    {
        Server = map.Section("server-config", from.Server, OptionSections.Server),
        MaxMemoryThreshold = map.Value("max-memory-threshold", OptionSections.Percent, from.MaxMemoryThreshold),
        JournalMode = map.Optional("journal-mode", OptionKinds.Choice<JournalMode>(), from.JournalMode, Published.JournalMode),
        SyncIntervalMs = map.Optional("sync-interval", OptionKinds.Duration, from.SyncIntervalMs, Published.SyncIntervalMs),
        JournalRetentionMiB = map.Optional(
            "journal-retention", OptionSections.RetentionMiB, from.JournalRetentionMiB, Published.JournalRetentionMiB),
        HttpAddress = OptionSections.HttpAddress(map, from.HttpAddress),
        Limits = OptionSections.Limits(map, from.Limits),
    };
}
