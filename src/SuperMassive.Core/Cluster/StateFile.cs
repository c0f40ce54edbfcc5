using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>
/// What this process must not forget (<c>.cluster-state</c>) and what follows from it: whether nodes may be joined, and whether a newer
/// process has taken over.
/// </summary>
internal sealed class StateFile
{
    private readonly ClusterCore _core;
    private readonly IClusterEffects _effects;

    /// <summary>What the file is known to hold; what was raised since is saved as soon as no save is under way.</summary>
    private ClusterState _saved;
    private bool _isSaving;

    /// <summary>The highest epoch that a node was found to obey: the next start goes above it, even if this process may not.</summary>
    private long _highestEpoch;

    /// <summary>Until every primary has answered or failed to: what it obeys may be from before this process began.</summary>
    private bool _isStarting = true;

    public StateFile(ClusterCore core, ClusterState found, IClusterEffects effects)
    {
        _core = core;
        _effects = effects;
        State = found with { Epoch = found.Epoch + 1 };
        Clock = new HybridClock(found.Ceiling);
    }

    public ClusterState State { get; private set; }

    public HybridClock Clock { get; }

    /// <summary>The epoch is saved, so nodes may be told it.</summary>
    public bool MayJoin { get; private set; }

    /// <summary>A newer cluster process has taken over: this one must not say anything about data any more.</summary>
    public bool IsSuperseded { get; private set; }

    private ClusterState Wanted => State with { Epoch = Math.Max(State.Epoch, _highestEpoch) };

    public void Tick(long unixMs)
    {
        Clock.SetTime(unixMs);
        if (Clock.NeedsCeiling || _saved != Wanted)
            Save();
        if (_isStarting && _core.Members.Shards.TrueForAll(shard => shard.Primary.IsSettled))
            _isStarting = false;
    }

    public void Save()
    {
        if (_isSaving)
            return;
        _isSaving = true;
        State = State with { Ceiling = Clock.NextCeiling };
        _effects.SaveState(Wanted);
    }

    public void Saved(ClusterState saved)
    {
        _isSaving = false;
        _saved = saved;
        Clock.SetCeiling(saved.Ceiling);
        if (saved.Epoch < State.Epoch || MayJoin)
            return;
        MayJoin = true;
        _core.Members.JoinAll();
    }

    /// <summary>Writes go on until the last saved ceiling and then wait.</summary>
    public void SaveFailed(string why)
    {
        _isSaving = false;
        _effects.Report(CoreEvent.JournalFailed, ".cluster-state", why);
    }

    public void Purged(Version through)
    {
        if (through <= State.PurgedThrough)
            return;
        State = State with { PurgedThrough = through };
        Save();
    }

    /// <summary>
    /// A node obeys a higher epoch. A process that has just begun is the newer one and goes above it, also where it has joined already:
    /// its own file may have been lost, and with it the ceiling of versions which primaries may hold that are away now. Later it means
    /// that somebody else has taken over; if it is a replica that says so, this process may no longer read there, and the primaries will
    /// tell.
    /// </summary>
    public void Refused(ShardLink link, long epoch)
    {
        _highestEpoch = Math.Max(_highestEpoch, epoch);
        if (!_isStarting && !link.IsReplica)
        {
            Supersede(link, epoch);
            return;
        }
        if (_isStarting && epoch >= State.Epoch)
        {
            State = State with { Epoch = epoch + 1 };
            MayJoin = false;
            Clock.PassEpochs(epoch);
            Save();
            _core.Members.LeaveAll($"joins again: {link.Peer.Address} obeys epoch {epoch}");
        }
        link.Drop($"it obeys epoch {epoch}");
    }

    private void Supersede(ShardLink link, long epoch)
    {
        if (!IsSuperseded)
        {
            _effects.Report(CoreEvent.Superseded, link.Peer.Address,
                $"it obeys epoch {epoch}, this process has epoch {State.Epoch}; if there is no newer cluster process, "
                + ".cluster-state was lost or is from long ago: restart this one, and it takes over");
        }
        IsSuperseded = true;
        link.Drop("superseded by a newer cluster process");
    }
}
