using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology;

/// <summary>
/// The processes of one SuperMassive: the single source of names, ports, folders and configuration for everything that
/// starts, tests or deploys them. Pure: it reads and writes nothing (<see cref="TopologyWriter"/> does).
/// </summary>
public sealed class Topology
{
    private Topology(TopologySettings settings, ClusterProcess cluster, IReadOnlyList<NodeProcess> nodes)
    {
        Settings = settings;
        Cluster = cluster;
        Nodes = nodes;
    }

    public TopologySettings Settings { get; }

    public ClusterProcess Cluster { get; }

    public IReadOnlyList<NodeProcess> Nodes { get; }

    /// <summary>All of them in the order of their ports: the cluster, the nodes, then node by node their replicas.</summary>
    public IEnumerable<TopologyProcess> Processes => [Cluster, .. Nodes, .. Nodes.SelectMany(node => node.Replicas)];

    /// <param name="addressOf">Where each process is reached; null: the settings' host, with ports counted from the settings' port.</param>
    /// <exception cref="ConfigurationException">The settings make no topology; everything that is wrong is named.</exception>
    public static Topology Create(TopologySettings settings, Func<ProcessName, string>? addressOf = null)
    {
        var problems = settings.Validate();
        if (problems.Count > 0)
            throw new ConfigurationException(problems);

        addressOf ??= name => new HostPort(settings.Host, settings.Port + TopologyProcess.OrdinalOf(name, settings)).ToString();
        NodeProcess[] nodes = [.. Enumerable.Range(1, settings.Nodes).Select(node => new NodeProcess(settings, node, addressOf))];
        return new Topology(settings, new ClusterProcess(settings, addressOf, nodes), nodes);
    }
}
