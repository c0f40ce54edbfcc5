using SuperMassive.Core;
using SuperMassive.Core.Cluster;

namespace SuperMassive.Benchmarks;

/// <summary>The cluster's core; its state file takes one batch to be saved.</summary>
internal sealed class RigCluster : RigProcess, IClusterEffects
{
    private readonly ClusterCore _core;
    private ClusterState _unsaved;
    private bool _isSaving;

    public RigCluster(Rig rig, ClusterSettings settings)
        : base(rig) => _core = new ClusterCore(settings, new ClusterState(1, 0, default, default), this);

    public override IStateMachine Core => _core;

    public bool IsReady(int nodes) => _core.Figures().HealthyPrimaries == nodes;

    protected override bool IsGated => false;

    public void SaveState(ClusterState state)
    {
        _unsaved = state;
        _isSaving = true;
    }

    public void LoadSettings() => throw new InvalidOperationException("no benchmark reloads settings");

    protected override bool Complete()
    {
        if (!_isSaving)
            return false;
        _isSaving = false;
        _core.StateSaved(_unsaved);
        return true;
    }
}
