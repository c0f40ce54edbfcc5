using SuperMassive.Core;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology;

/// <summary>One process of a topology: where it lives, where it is reached, and what its configuration file says.</summary>
public abstract class TopologyProcess
{
    private readonly TopologySettings _settings;

    private protected TopologyProcess(TopologySettings settings, ProcessName name, Func<ProcessName, string> addressOf)
    {
        _settings = settings;
        Name = name;
        Directory = Path.Combine(settings.DataDirectory, name);
        Address = addressOf(name);
        if (!HostPort.TryParse(Address, out var address))
            throw new ConfigurationException([$"{name}: \"{Address}\" is not an address; expected HOST:PORT or [IPV6]:PORT"]);
        Port = address.Port;
        HttpPort = settings.FirstHttpPort == 0 ? null : settings.FirstHttpPort + OrdinalOf(name, settings);
        HttpAddress = HttpPort is { } port ? new HostPort(settings.Host, port).ToString() : null;
    }

    public ProcessName Name { get; }

    public ServiceKind Kind => Name.Kind;

    /// <summary>Folder of its configuration and its data.</summary>
    public string Directory { get; }

    public int Port { get; }

    /// <summary>Where others reach it.</summary>
    public string Address { get; }

    /// <summary>Null: no HTTP.</summary>
    public int? HttpPort { get; }

    /// <summary>Where health and metrics are reached; null: nowhere.</summary>
    public string? HttpAddress { get; }

    /// <summary>Without folder.</summary>
    public abstract string ConfigurationFileName { get; }

    /// <summary>Its command line.</summary>
    public IReadOnlyList<string> Arguments => ["--directory", Directory];

    /// <summary>Its secrets, as it takes them from its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment(TopologySecrets secrets)
    {
        var variables = new Dictionary<string, string> { ["SUPERMASSIVE_SHARED_KEY"] = secrets.SharedKey };
        if (Kind == ServiceKind.Cluster)
        {
            variables.Add("SUPERMASSIVE_USERNAME", secrets.Username);
            variables.Add("SUPERMASSIVE_PASSWORD", secrets.Password);
        }
        return variables;
    }

    /// <summary>The text of its configuration file.</summary>
    /// <param name="addressOf">Where the processes are reached, when that is known only now; null: as created.</param>
    /// <param name="httpAddressOf">Likewise for health and metrics; an empty address is none.</param>
    public abstract string Yaml(Func<ProcessName, string>? addressOf = null, Func<ProcessName, string>? httpAddressOf = null);

    public override string ToString() => $"{Name} at {Address}";

    /// <summary>Its place in the order of ports: the cluster, the nodes, then node by node their replicas.</summary>
    internal static int OrdinalOf(ProcessName name, TopologySettings settings) => name.Kind switch
    {
        ServiceKind.Node => name.Node,
        ServiceKind.Replica => settings.Nodes + (name.Node - 1) * settings.Replicas + name.Replica,
        _ => 0,
    };

    private protected TopologySettings Settings => _settings;

    private protected ServerOptions Server(Func<ProcessName, string>? addressOf) => new(Listening(AddressBy(addressOf)));

    private protected string Http(Func<ProcessName, string>? httpAddressOf) =>
        (httpAddressOf is null ? HttpAddress : httpAddressOf(Name)) is { Length: > 0 } address ? Listening(address) : "";

    internal PeerAddress Peer(Func<ProcessName, string>? addressOf) => new(AddressBy(addressOf));

    private string AddressBy(Func<ProcessName, string>? addressOf) => addressOf is null ? Address : addressOf(Name);

    private string Listening(string address) =>
        _settings.ListenHost is { } host ? new HostPort(host, HostPort.Parse(address).Port).ToString() : address;
}
