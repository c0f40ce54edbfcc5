using System.CommandLine;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology;

/// <summary>
/// The options that make <see cref="TopologySettings"/>, for every command that starts a topology. What the command line does
/// not say is taken from <c>SUPERMASSIVE_NODES</c> and the like, and then from the settings' defaults.
/// </summary>
public sealed class TopologyArguments
{
    private static readonly TopologySettings Standard = new();

    private readonly Setting<int> _nodes = CommonSettings.Nodes();
    private readonly Setting<int> _replicas = CommonSettings.Replicas();
    private readonly Setting<string> _host = new(
        "host", OptionKinds.Text, "What the processes listen on and are reached under [localhost]");
    private readonly Setting<int> _port = new("port", OptionKinds.Count(1, 65_535), "The cluster's port; the others follow it [4000]");
    private readonly Setting<int> _httpPort = new(
        "http-port", OptionKinds.Count(0, 65_535), "The first port for health and metrics; 0 for none [port + 1000]");
    private readonly Setting<string> _data = new("data", OptionKinds.Text, "Folder of everything that is kept [data]");
    private readonly Setting<string> _username = new("username", OptionKinds.Text, "Name that clients authenticate with [generated]");
    private readonly Setting<string> _password = new("password", OptionKinds.Text, "Password that clients authenticate with [generated]");
    private readonly Setting<string> _sharedKey = new(
        "shared-key", OptionKinds.Text, "Key that the processes prove to each other [generated]");
    private readonly Setting<int> _maxMemoryThreshold = CommonSettings.MaxMemoryThreshold(
        "Percent of the available memory that each process may take [75]");
    private readonly Setting<ReadMode> _readMode = CommonSettings.ReadMode();
    private readonly Setting<JournalMode> _journalMode = CommonSettings.JournalMode();
    private readonly Setting<int> _replicaAcks = CommonSettings.ReplicaAcks();

    /// <summary>To be added to a command, whose parse result <see cref="Read"/> then takes.</summary>
    public IEnumerable<Option> Options =>
    [
        _nodes.Option, _replicas.Option, _host.Option, _port.Option, _httpPort.Option, _data.Option, _username.Option, _password.Option,
        _sharedKey.Option, _maxMemoryThreshold.Option, _readMode.Option, _journalMode.Option, _replicaAcks.Option,
    ];

    /// <summary>Reads a whole command line that has these options only.</summary>
    /// <param name="variables">A variable's value or null: the environment, or a configuration's indexer; null: the environment.</param>
    public static ParsedArguments<TopologySettings> Parse(IReadOnlyList<string> arguments, Func<string, string?>? variables = null)
    {
        var declared = new TopologyArguments();
        var command = new RootCommand("SuperMassive: a whole topology on this machine");
        foreach (var option in declared.Options)
            command.Options.Add(option);
        return ParsedArguments<TopologySettings>.From(command, arguments, parsed => declared.Read(parsed, variables));
    }

    /// <param name="variables">As for <see cref="Parse"/>.</param>
    public ParsedArguments<TopologySettings> Read(ParseResult parsed, Func<string, string?>? variables = null)
    {
        var source = new SettingSource(parsed, variables ?? Environment.GetEnvironmentVariable);
        var settings = new TopologySettings
        {
            Nodes = _nodes.Read(source, Standard.Nodes),
            Replicas = _replicas.Read(source, Standard.Replicas),
            Host = _host.Read(source, Standard.Host),
            Port = _port.Read(source, Standard.Port),
            HttpPort = _httpPort.Find(source, out var httpPort) ? httpPort : null,
            DataDirectory = Path.GetFullPath(_data.Read(source, Standard.DataDirectory)),
            Username = _username.Find(source, out var username) ? username : null,
            Password = _password.Find(source, out var password) ? password : null,
            SharedKey = _sharedKey.Find(source, out var sharedKey) ? sharedKey : null,
            MaxMemoryThreshold = _maxMemoryThreshold.Read(source, Standard.MaxMemoryThreshold),
            ReadMode = _readMode.Read(source, Standard.ReadMode),
            JournalMode = _journalMode.Read(source, Standard.JournalMode),
            ReplicaAcks = _replicaAcks.Read(source, Standard.ReplicaAcks),
        };
        IReadOnlyList<string> errors = source.Errors.Count > 0 ? source.Errors : settings.Validate();
        return errors.Count > 0 ? ParsedArguments<TopologySettings>.Failed(errors) : ParsedArguments<TopologySettings>.Of(settings);
    }
}
