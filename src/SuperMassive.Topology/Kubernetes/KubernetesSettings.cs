using System.Text.RegularExpressions;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology.Kubernetes;

/// <summary>All that the objects of a deployment are made of. Two equal ones make the same files.</summary>
public sealed partial record KubernetesSettings
{
    /// <summary>What a data process needs beside its data: runtime, code, buffers of connections and links, collections.</summary>
    internal const long MinHeadRoomBytes = 256 * ByteSize.Mebibyte;

    /// <summary>The journal takes at most three times the live data and a segment (64 Ki pages of 1,040 bytes).</summary>
    private const int JournalFactor = 3;

    private const int StorageFactor = 4;

    private const long SegmentBytes = 65_536 * 1_040;

    /// <summary>
    /// Nodes, replicas and modes. Its hosts, ports and folder are the machine's and give way to the pods'; its secrets are not used:
    /// manifests refer to a Secret that somebody else makes.
    /// </summary>
    public TopologySettings Topology { get; init; } = new();

    public string Namespace { get; init; } = "supermassive";

    /// <summary>What stands before the names of the images, slash included: a registry and a path in it; empty: nothing.</summary>
    public string ImagePrefix { get; init; } = "";

    /// <summary>Null: the version of this program, which is what publishing the containers tags them with.</summary>
    public string? ImageTag { get; init; }

    /// <summary>Limit of each node and replica; whole mebibytes.</summary>
    public long MemoryBytes { get; init; } = ByteSize.Gibibyte;

    /// <summary>Volume of each node and replica; whole mebibytes. Null: four times the memory, which its journal always fits.</summary>
    public long? StorageBytes { get; init; }

    internal long EffectiveStorageBytes => StorageBytes ?? StorageFactor * MemoryBytes;

    internal string EffectiveImageTag => ImageTag ?? typeof(KubernetesSettings).Assembly.GetName().Version!.ToString(3);

    /// <summary>What a process makes of its limit and its max-memory-threshold, in bytes.</summary>
    internal long DataBytes => MemoryBudget.Bytes(
        Topology.MaxMemoryThreshold, MemoryBudget.Bytes(PodMemory.HeapPercent, MemoryBytes));

    /// <returns>Everything that is wrong, one line each; empty when objects can be made of this.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> problems = [.. InPods(Topology).Validate()];
        Require(DnsLabel().IsMatch(Namespace),
            $"namespace: \"{Namespace}\" is not a namespace; "
            + "expected a lower-case letter, then at most 62 lower-case letters, digits and inner hyphens");
        Require(ImagePrefix.Length == 0 || ImagePrefixes().IsMatch(ImagePrefix),
            $"image-prefix: \"{ImagePrefix}\" does not begin an image; expected REGISTRY/ or REGISTRY/PATH/");
        Require(ImageTag is null || Tags().IsMatch(ImageTag), $"image-tag: \"{ImageTag}\" is not a tag of an image");
        Require(MemoryBytes > 0 && MemoryBytes % ByteSize.Mebibyte == 0, $"memory: {MemoryBytes} bytes are not whole mebibytes");
        Require(EffectiveStorageBytes > 0 && EffectiveStorageBytes % ByteSize.Mebibyte == 0,
            $"storage: {EffectiveStorageBytes} bytes are not whole mebibytes");
        if (problems.Count == 0)
            RequireRoom();
        return problems;

        void RequireRoom()
        {
            var headRoom = MemoryBytes - DataBytes;
            Require(headRoom >= MinHeadRoomBytes,
                $"memory: {ByteSize.Text(MemoryBytes)} with max-memory-threshold {Topology.MaxMemoryThreshold} leaves "
                + $"{headRoom / ByteSize.Mebibyte}Mi beside the data; expected at least {ByteSize.Text(MinHeadRoomBytes)}");
            var journal = JournalFactor * DataBytes + SegmentBytes;
            Require(EffectiveStorageBytes >= journal,
                $"storage: {ByteSize.Text(EffectiveStorageBytes)} is less than the journal of {DataBytes / ByteSize.Mebibyte}Mi of data "
                + $"may take; expected at least {journal / ByteSize.Mebibyte + 1}Mi");
        }

        void Require(bool isTrue, string problem)
        {
            if (!isTrue)
                problems.Add(problem);
        }
    }

    /// <summary>The same topology where each process has a machine of its own: every kind has one port everywhere.</summary>
    internal static TopologySettings InPods(TopologySettings settings) => new()
    {
        Nodes = settings.Nodes,
        Replicas = settings.Replicas,
        MaxMemoryThreshold = settings.MaxMemoryThreshold,
        ReadMode = settings.ReadMode,
        JournalMode = settings.JournalMode,
        ReplicaAcks = settings.ReplicaAcks,
        ListenHost = PodNetwork.ListenHost,
        DataDirectory = PodPaths.Data,
        // its own count of ports is not used, and must not limit the number of processes
        HttpPort = 0,
    };

    [GeneratedRegex(@"^[a-z]([-a-z0-9]{0,61}[a-z0-9])?\z")]
    private static partial Regex DnsLabel();

    [GeneratedRegex(@"^[a-z0-9]+([._-]+[a-z0-9]+)*(:[0-9]+)?/([a-z0-9]+([._-]+[a-z0-9]+)*/)*\z")]
    private static partial Regex ImagePrefixes();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex Tags();
}
