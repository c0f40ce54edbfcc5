using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Simulator.Processes;

namespace SuperMassive.Simulator.Cores;

/// <summary>The real coordinator under <see cref="SimCluster"/>.</summary>
public sealed class ClusterCoreAdapter : ClusterAdapter
{
    private readonly ClusterCore _core;

    private ClusterCoreAdapter(ClusterCore core) => _core = core;

    public override IStateMachine Machine => _core;

    public ClusterFigures Figures() => _core.Figures();

    /// <summary>Whether every primary has been brought up to date.</summary>
    public bool HasAllPrimaries => Figures() is var figures && figures.HealthyPrimaries == figures.Primaries;

    /// <summary>Whether these and no others are the primaries that it runs with.</summary>
    internal bool HasPrimaries(IEnumerable<LaidShard> shards) => Figures().Links.Where(link => !link.IsReplica).Select(link => link.Peer)
        .ToHashSet().SetEquals(shards.Select(shard => shard.Primary.Address));

    public static ClusterAdapter Boot(SimCluster cluster) =>
        new ClusterCoreAdapter(new ClusterCore(cluster.Settings, cluster.SavedState, cluster));

    public override void StateSaved(ClusterState state) => _core.StateSaved(state);

    public override void StateSaveFailed(string why) => _core.StateSaveFailed(why);

    public override void SettingsLoaded(ClusterSettings? settings, string? error) => _core.SettingsLoaded(settings, error);
}
