using SuperMassive.Core.Cluster;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology;

/// <summary>The coordinator.</summary>
public sealed class ClusterProcess : TopologyProcess
{
    private readonly IReadOnlyList<NodeProcess> _nodes;

    internal ClusterProcess(TopologySettings settings, Func<ProcessName, string> addressOf, IReadOnlyList<NodeProcess> nodes)
        : base(settings, ProcessName.Cluster, addressOf) => _nodes = nodes;

    public override string ConfigurationFileName => ClusterOptions.FileName;

    public override string Yaml(Func<ProcessName, string>? addressOf = null, Func<ProcessName, string>? httpAddressOf = null) =>
        new ClusterOptions
        {
            Server = Server(addressOf),
            Shards = [.. _nodes.Select(node => new ShardSettings(node.Peer(addressOf), node.ReplicaPeers(addressOf)))],
            ReadMode = Settings.ReadMode,
            HttpAddress = Http(httpAddressOf),
        }.Write();
}
