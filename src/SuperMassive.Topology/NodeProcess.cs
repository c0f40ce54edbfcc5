using SuperMassive.Core;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology;

/// <summary>A primary, with the replicas that follow it.</summary>
public sealed class NodeProcess : TopologyProcess
{
    internal NodeProcess(TopologySettings settings, int node, Func<ProcessName, string> addressOf)
        : base(settings, ProcessName.OfNode(node), addressOf) =>
        Replicas = [.. Enumerable.Range(1, settings.Replicas).Select(replica => new ReplicaProcess(settings, node, replica, addressOf))];

    public IReadOnlyList<ReplicaProcess> Replicas { get; }

    public override string ConfigurationFileName => NodeOptions.FileName;

    public override string Yaml(Func<ProcessName, string>? addressOf = null, Func<ProcessName, string>? httpAddressOf = null) =>
        new NodeOptions
        {
            MaxMemoryThreshold = Settings.MaxMemoryThreshold,
            Server = Server(addressOf),
            Replicas = ReplicaPeers(addressOf),
            JournalMode = Settings.JournalMode,
            ReplicaAcks = Settings.ReplicaAcks,
            HttpAddress = Http(httpAddressOf),
        }.Write();

    internal IReadOnlyList<PeerAddress> ReplicaPeers(Func<ProcessName, string>? addressOf) =>
        [.. Replicas.Select(replica => replica.Peer(addressOf))];
}
