using SuperMassive.Core;
using SuperMassive.Core.Cluster;

namespace SuperMassive.Server.Configuration;

/// <summary>What <c>.cluster</c> says. Times are milliseconds here and mostly seconds in the file.</summary>
public sealed record ClusterOptions
{
    public const string FileName = ".cluster";

    public int HealthCheckIntervalMs { get; init; } = 2_000;

    public ServerOptions Server { get; init; } = new("localhost:4000");

    /// <summary>The nodes, each with its replicas; at least one.</summary>
    public IReadOnlyList<ShardSettings> Shards { get; init; } = [];

    public ReadMode ReadMode { get; init; } = ReadMode.Consistent;

    /// <summary>How many keys' newest holders are remembered.</summary>
    public int HintCapacity { get; init; } = 1 << 20;

    public int ScanTimeoutMs { get; init; } = 30_000;

    /// <summary>A command that takes this long is logged.</summary>
    public int SlowCommandMs { get; init; } = 1_000;

    /// <summary>Where health and metrics are served; empty: nowhere.</summary>
    public string HttpAddress { get; init; } = "";

    public Limits Limits { get; init; } = new();

    /// <summary>What a created file says: one node with one replica on this machine.</summary>
    public static ClusterOptions Published { get; } = new()
    {
        Shards = [new ShardSettings(new PeerAddress("localhost:4001"), [new PeerAddress("localhost:4002")])],
    };

    private static readonly ClusterOptions Standard = new();

    private static readonly ShardSettings NewShard = new(new PeerAddress(""), []);

    private static readonly Func<OptionMap, PeerAddress, PeerAddress> BindPeer = OptionSections.Peer(noFile: "");

    private static readonly OptionFile<ClusterOptions> Format = new(
        FileName,
        "# The cluster: where clients connect, and its nodes with their replicas. Times are seconds; RCNF reloads this file.\n",
        Published, Standard, Bind);

    /// <exception cref="ConfigurationException">The file cannot be read, or something in it is wrong: all of it is named.</exception>
    public static ClusterOptions Load(string directory) => Format.Load(directory);

    /// <summary>The same, after creating folder and file when there is no file.</summary>
    /// <exception cref="ConfigurationException"/>
    public static ClusterOptions LoadOrCreate(string directory) => Format.LoadOrCreate(directory);

    /// <param name="directory">Where relative paths start.</param>
    /// <exception cref="ConfigurationException"/>
    public static ClusterOptions Parse(string yaml, string directory) => Format.Parse(yaml, directory);

    /// <summary>The file that says this.</summary>
    public string Write() => Format.Write(this);

    public ClusterSettings ToSettings(Secrets secrets) => new()
    {
        Address = Server.Address,
        Shards = Shards,
        Username = secrets.Username,
        Password = secrets.Password,
        SharedKey = secrets.SharedKey,
        ReadMode = ReadMode,
        HealthCheckIntervalMs = HealthCheckIntervalMs,
        HintCapacity = HintCapacity,
        ScanTimeoutMs = ScanTimeoutMs,
        SlowCommandMs = SlowCommandMs,
        Limits = Limits with { CommandArrivalMs = Server.ReadTimeoutMs },
    };

    private static ClusterOptions Bind(OptionMap map, ClusterOptions from)
    {
        var to = new ClusterOptions
        {
            HealthCheckIntervalMs = map.Value("health-check-interval", OptionKinds.Seconds, from.HealthCheckIntervalMs),
            Server = map.Section("server-config", from.Server, OptionSections.Server),
            Shards = map.List("node-configs", from.Shards, NewShard, BindShard),
            ReadMode = map.Optional("read-mode", OptionKinds.Choice<ReadMode>(), from.ReadMode, Standard.ReadMode),
            HintCapacity = map.Optional("hint-capacity", OptionKinds.Count(1, 1 << 30), from.HintCapacity, Standard.HintCapacity),
            ScanTimeoutMs = map.Optional("scan-timeout", OptionKinds.Seconds, from.ScanTimeoutMs, Standard.ScanTimeoutMs),
            SlowCommandMs = map.Optional("slow-command", OptionKinds.Duration, from.SlowCommandMs, Standard.SlowCommandMs),
            HttpAddress = OptionSections.HttpAddress(map, from.HttpAddress),
            Limits = OptionSections.Limits(map, from.Limits),
        };
        map.Check("node-configs", () => to.Shards.Count == 0 ? "has no node; expected a list of at least one" : null);
        return to;
    }

    private static ShardSettings BindShard(OptionMap map, ShardSettings from) => new(
        map.Section("node", from.Primary, BindPeer),
        map.List("replicas", from.Replicas, new PeerAddress(""), BindPeer));
}
