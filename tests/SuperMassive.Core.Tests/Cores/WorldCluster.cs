using SuperMassive.Core.Cluster;

namespace SuperMassive.Core.Tests.Cores;

/// <summary>The cluster process, with a state file in memory that outlives it.</summary>
internal sealed class WorldCluster(CoreWorld world, string name, ClusterSettings settings) : WorldProcess(world, name), IClusterEffects
{
    private ClusterState _unsaved;
    private bool _isSaving;

    public ClusterCore Cluster => (ClusterCore)Core!;

    public ClusterSettings Settings { get; set; } = settings;

    /// <summary>What the state file holds.</summary>
    public ClusterState State { get; set; } = new(0x5eed, 0, default, default);

    /// <summary>A save takes until <see cref="FinishSave"/>.</summary>
    public bool HoldsSaves { get; set; }

    /// <summary>The state file is gone: the next start makes another cluster id and begins at epoch 1.</summary>
    public void LoseState() => State = new ClusterState(State.ClusterId + 1, 0, default, default);

    public override void Start()
    {
        _isSaving = false;
        Core = new ClusterCore(Settings, State, this);
    }

    public void SaveState(ClusterState state)
    {
        Assert.False(_isSaving, "SaveState while another one is under way");
        _isSaving = true;
        _unsaved = state;
        if (!HoldsSaves)
            FinishSave();
    }

    public void FinishSave() => Post(_ =>
    {
        _isSaving = false;
        State = _unsaved;
        Cluster.StateSaved(State);
    });

    public void LoadSettings() => Post(_ => Cluster.SettingsLoaded(Settings, null));
}
