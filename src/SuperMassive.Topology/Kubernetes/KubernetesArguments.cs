using System.CommandLine;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology.Kubernetes;

/// <summary>
/// The options that make <see cref="KubernetesSettings"/>. What the command line does not say is taken from variables, as by
/// <see cref="TopologyArguments"/>. There is none for secrets: they never pass through here.
/// </summary>
public sealed class KubernetesArguments
{
    private static readonly KubernetesSettings Standard = new();

    private readonly Setting<int> _nodes = CommonSettings.Nodes();
    private readonly Setting<int> _replicas = CommonSettings.Replicas();
    private readonly Setting<int> _maxMemoryThreshold = CommonSettings.MaxMemoryThreshold(
        "Percent of its memory limit that each process fills with data [75]");
    private readonly Setting<ReadMode> _readMode = CommonSettings.ReadMode();
    private readonly Setting<JournalMode> _journalMode = CommonSettings.JournalMode();
    private readonly Setting<int> _replicaAcks = CommonSettings.ReplicaAcks();
    private readonly Setting<string> _namespace = new("namespace", OptionKinds.Text, "Namespace of all objects [supermassive]");
    private readonly Setting<string> _imagePrefix = new(
        "image-prefix", OptionKinds.Text, "Registry and path before the images' names, with the last slash [none]");
    private readonly Setting<string> _imageTag = new("image-tag", OptionKinds.Text, "Tag of the images [this program's version]");
    private readonly Setting<long> _memory = new("memory", ByteSize.Kind, "Memory limit of each node and replica [1Gi]");
    private readonly Setting<long> _storage = new("storage", ByteSize.Kind, "Volume of each node and replica [4 x memory]");

    /// <summary>To be added to a command, whose parse result <see cref="Read"/> then takes.</summary>
    public IEnumerable<Option> Options =>
    [
        _nodes.Option, _replicas.Option, _maxMemoryThreshold.Option, _readMode.Option, _journalMode.Option, _replicaAcks.Option,
        _namespace.Option, _imagePrefix.Option, _imageTag.Option, _memory.Option, _storage.Option,
    ];

    /// <param name="variables">A variable's value or null; null: the environment.</param>
    public ParsedArguments<KubernetesSettings> Read(ParseResult parsed, Func<string, string?>? variables = null)
    {
        var source = new SettingSource(parsed, variables ?? Environment.GetEnvironmentVariable);
        var settings = new KubernetesSettings
        {
            Topology = Standard.Topology with
            {
                Nodes = _nodes.Read(source, Standard.Topology.Nodes),
                Replicas = _replicas.Read(source, Standard.Topology.Replicas),
                MaxMemoryThreshold = _maxMemoryThreshold.Read(source, Standard.Topology.MaxMemoryThreshold),
                ReadMode = _readMode.Read(source, Standard.Topology.ReadMode),
                JournalMode = _journalMode.Read(source, Standard.Topology.JournalMode),
                ReplicaAcks = _replicaAcks.Read(source, Standard.Topology.ReplicaAcks),
            },
            Namespace = _namespace.Read(source, Standard.Namespace),
            ImagePrefix = _imagePrefix.Read(source, Standard.ImagePrefix),
            ImageTag = _imageTag.Find(source, out var tag) ? tag : null,
            MemoryBytes = _memory.Read(source, Standard.MemoryBytes),
            StorageBytes = _storage.Find(source, out var storageBytes) ? storageBytes : null,
        };
        IReadOnlyList<string> errors = source.Errors.Count > 0 ? source.Errors : settings.Validate();
        return errors.Count > 0
            ? ParsedArguments<KubernetesSettings>.Failed(errors)
            : ParsedArguments<KubernetesSettings>.Of(settings);
    }
}
