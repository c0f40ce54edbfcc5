using SuperMassive.Core;
using SuperMassive.Core.Cluster;

namespace SuperMassive.Simulator.Processes;

/// <summary>A coordinator's core as <see cref="SimCluster"/> drives it: the completions of <see cref="IClusterEffects"/>.</summary>
public abstract class ClusterAdapter
{
    public abstract IStateMachine Machine { get; }

    public abstract void StateSaved(ClusterState state);

    public abstract void StateSaveFailed(string why);

    public abstract void SettingsLoaded(ClusterSettings? settings, string? error);
}
