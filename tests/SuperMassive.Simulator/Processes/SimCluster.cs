using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Simulator.Networking;
using SuperMassive.Simulator.Storage;

namespace SuperMassive.Simulator.Processes;

/// <summary>Makes the core of a coordinator from the state its last run saved.</summary>
public delegate ClusterAdapter ClusterBoot(SimCluster cluster);

/// <summary>A coordinator process with its state file.</summary>
public sealed class SimCluster(World world, string name, ClusterSettings settings, ClusterState initial, ClusterBoot boot)
    : SimProcess(world, name, settings.Address), IClusterEffects
{
    private readonly ClusterBoot _boot = boot;
    private ClusterAdapter? _core;
    private ClusterState? _saving;

    /// <summary>What the state file holds: replaced atomically, and synced before a save counts as done.</summary>
    public ClusterState SavedState { get; private set; } = initial;

    public DiskFaults Disk { get; } = new();

    public ClusterSettings Settings { get; set; } = settings;

    /// <summary>What is wrong with the configuration file now; null when it can be read.</summary>
    public string? FileProblem { get; set; }

    public ClusterAdapter? Core => IsRunning ? _core : null;

    /// <summary>The operator brings another process's state file here.</summary>
    public void TakeOver(ClusterState state) => SavedState = state;

    public Channel Connect(PeerAddress peer) => World.Network.Connect(this, peer);

    public void FillRandom(Span<byte> bytes) => Random.Fill(bytes);

    public void Report(CoreEvent what, string subject, string detail) => World.Report(this, what, subject, detail);

    public void SaveState(ClusterState state)
    {
        if (_saving is not null)
            throw new InvalidOperationException($"{Name} saves its state while a save is under way");
        _saving = state;
        PostAfter(Random.Skewed(300, 10_000) + Disk.ExtraUs, EndSave);
    }

    public void LoadSettings() => PostAfter(Random.Skewed(100, 5_000), () =>
        _core!.SettingsLoaded(FileProblem is null ? Settings : null, FileProblem));

    protected override IStateMachine? Boot(out string refusal)
    {
        refusal = "";
        _core = _boot(this);
        return _core.Machine;
    }

    protected override void OnCrashed() => BreakOffSave();

    protected override void OnPowerCut() => BreakOffSave();

    private void EndSave()
    {
        var state = _saving!.Value;
        _saving = null;
        var fails = Disk.WritesFail || Disk.NextSyncFails;
        Disk.NextSyncFails = false;
        if (fails)
        {
            _core!.StateSaveFailed("cluster state: input/output error");
            return;
        }
        SavedState = state;
        _core!.StateSaved(state);
    }

    /// <summary>The rename may have happened before the process died, or not.</summary>
    private void BreakOffSave()
    {
        if (_saving is { } state && Random.Chance(500))
            SavedState = state;
        _saving = null;
    }
}
