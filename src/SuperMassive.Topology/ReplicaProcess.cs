using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology;

/// <summary>A replica of one node.</summary>
public sealed class ReplicaProcess : TopologyProcess
{
    internal ReplicaProcess(TopologySettings settings, int node, int replica, Func<ProcessName, string> addressOf)
        : base(settings, ProcessName.OfReplica(node, replica), addressOf)
    {
    }

    public override string ConfigurationFileName => ReplicaOptions.FileName;

    public override string Yaml(Func<ProcessName, string>? addressOf = null, Func<ProcessName, string>? httpAddressOf = null) =>
        new ReplicaOptions
        {
            MaxMemoryThreshold = Settings.MaxMemoryThreshold,
            Server = Server(addressOf),
            JournalMode = Settings.JournalMode,
            HttpAddress = Http(httpAddressOf),
        }.Write();
}
