using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>The shards of this cluster: who is configured, who is up, who has been brought up to date.</summary>
internal sealed class Membership
{
    /// <summary>A node whose newest version lies further ahead than this was written under a wrong clock.</summary>
    private const long MaxFutureMs = 24 * 3_600_000;

    private readonly ClusterCore _core;
    private readonly List<Shard> _shards = [];
    private readonly List<Shard?> _byId = [];
    private readonly Queue<Admission> _admissions = new();

    public Membership(ClusterCore core) => _core = core;

    /// <summary>The configured shards, to be read only: a list and no interface, because walking one of those allocates.</summary>
    public List<Shard> Shards => _shards;

    public int HealthyCount { get; private set; }

    public bool AllHealthy => HealthyCount == _shards.Count;

    /// <summary>The shard being brought up to date: deletions are sent to it as well.</summary>
    public Shard? Admitting => _admissions.TryPeek(out var admission) ? admission.Shard : null;

    /// <summary>Changes whenever a shard becomes healthy, is lost, added or removed.</summary>
    public int Changes { get; private set; }

    public Shard? ById(int id) => _byId[id];

    public void Configure(IReadOnlyList<ShardSettings> settings)
    {
        foreach (var shard in _shards.Where(shard => !settings.Any(s => s.Primary.Address == shard.Address)).ToArray())
            Remove(shard);
        foreach (var wanted in settings)
        {
            var shard = _shards.Find(s => s.Address == wanted.Primary.Address);
            if (shard is null)
            {
                shard = new Shard(_core, _byId.Count, wanted.Primary);
                _byId.Add(shard);
                _shards.Add(shard);
                Changes++;
            }
            else
            {
                shard.Primary.Reconfigure(wanted.Primary);
            }
            shard.SetReplicas(_core, wanted.Replicas);
        }
        foreach (var link in Links())
            link.HealthCheckIntervalMs = _core.Settings.HealthCheckIntervalMs;
    }

    /// <summary>
    /// Why the cluster cannot do with these alone now, or null: a deletion that only those know which leave would be undone by those that
    /// come.
    /// </summary>
    public string? ObjectionTo(IReadOnlyList<ShardSettings> settings)
    {
        var leaving = _shards.Find(shard => !settings.Any(s => s.Primary.Address == shard.Address));
        var staying = _shards.Where(shard => settings.Any(s => s.Primary.Address == shard.Address));
        if (leaving is null || _core.Purger.IsEmpty
            || staying.Any(shard => shard.KnowsDeletions && !shard.MissesDeletions && shard != Admitting))
            return null;
        return $"node-configs: without {leaving.Address} deleted keys could come back, because no primary that stays is known to have all "
            + "deletions: first have one healthy beside it; if it is lost for good, restart the cluster process with this file";
    }

    public IEnumerable<ShardLink> Links() => _shards.SelectMany(shard => shard.Replicas.Prepend(shard.Primary));

    /// <remarks>
    /// By index: a link that times out may be the last that a reload waited for, and then shards and replicas come and go.
    /// </remarks>
    public void Tick(long nowMs)
    {
        for (var i = 0; i < _shards.Count; i++)
        {
            var shard = _shards[i];
            shard.Primary.Tick(nowMs);
            for (var j = 0; j < shard.Replicas.Count; j++)
                shard.Replicas[j].Tick(nowMs);
        }
    }

    /// <summary>The epoch is saved: links that were waiting for it may join.</summary>
    public void JoinAll()
    {
        foreach (var link in Links().ToArray())
            link.TryJoin();
    }

    /// <summary>Whoever was joined must be joined again.</summary>
    public void LeaveAll(string why)
    {
        foreach (var link in Links().Where(link => link.IsJoined).ToArray())
            link.Drop(why);
    }

    public void LinkJoined(ShardLink link, JoinedNode node)
    {
        if (link.IsReplica)
        {
            _core.Effects.Report(CoreEvent.LinkUp, link.Peer.Address, $"replica at {node.Lsn}");
            return;
        }
        if (Objection(link.Shard, node) is { } objection)
        {
            link.Reject(objection);
            return;
        }
        link.Shard.History = node.History;
        link.Shard.AckedLsn = node.Lsn;
        link.Shard.SyncedLsn = 0;
        link.Shard.IsReadOnly = false;
        link.Shard.PurgedThrough = node.PurgedThrough;
        _core.Clock.Observe(node.Highest);
        _core.Effects.Report(CoreEvent.NodeJoining, link.Peer.Address, $"at {node.Lsn}");
        Enqueue(new Admission(_core, link.Shard, node));
    }

    public void LinkLost(ShardLink link, bool wasJoined)
    {
        if (link.IsReplica || !wasJoined)
            return;
        var shard = link.Shard;
        if (shard.IsHealthy)
        {
            shard.KnownWhenLost = shard.KnowsDeletions ? _core.Purger.SeenCount : -1;
            shard.IsHealthy = shard.KnowsDeletions = false;
            HealthyCount--;
            Changes++;
        }
        Withdraw(shard);
        foreach (var admission in _admissions.ToArray())
            admission.ShardLost(shard);
    }

    /// <summary>The first admission in line is complete.</summary>
    public void Admitted(Admission admission)
    {
        var shard = admission.Shard;
        if (!shard.IsHealthy)
        {
            shard.IsHealthy = true;
            HealthyCount++;
            Changes++;
            _core.Effects.Report(CoreEvent.NodeHealthy, shard.Address, $"{HealthyCount} of {_shards.Count} primaries are healthy");
            _core.Counts.HolderBack(shard);
        }
        Abandon(admission);
    }

    /// <summary>A healthy primary refused deletions and now says that it writes again.</summary>
    public void CatchUp(Shard shard)
    {
        if (!_admissions.Any(admission => admission.Shard == shard))
            Enqueue(new Admission(_core, shard));
    }

    /// <summary>The first admission in line is over; the next one's turn comes.</summary>
    public void Abandon(Admission admission)
    {
        if (_admissions.Dequeue() != admission)
            throw new InvalidOperationException($"the admission of {admission.Shard.Address} ended out of turn");
        if (_admissions.TryPeek(out var next))
            next.Begin();
    }

    public Admission? CurrentAdmission => _admissions.TryPeek(out var admission) ? admission : null;

    /// <summary>Deletions up to here are forgotten somewhere.</summary>
    public Version PurgedThrough
    {
        get
        {
            var purged = _core.State.PurgedThrough;
            foreach (var shard in _shards)
            {
                if (shard.PurgedThrough > purged)
                    purged = shard.PurgedThrough;
            }
            return purged;
        }
    }

    private void Enqueue(Admission admission)
    {
        _admissions.Enqueue(admission);
        if (_admissions.Count == 1)
            admission.Begin();
    }

    private void Withdraw(Shard shard)
    {
        if (!_admissions.Any(admission => admission.Shard == shard))
            return;
        var wasFirst = _admissions.Peek().Shard == shard;
        var kept = _admissions.Where(admission => admission.Shard != shard).ToArray();
        _admissions.Clear();
        foreach (var admission in kept)
            _admissions.Enqueue(admission);
        if (wasFirst && _admissions.TryPeek(out var next))
            next.Begin();
    }

    private void Remove(Shard shard)
    {
        _shards.Remove(shard);
        _byId[shard.Id] = null;
        shard.IsRemoved = true;
        Changes++;
        shard.Primary.Stop("removed from the configuration");
        shard.SetReplicas(_core, []);
    }

    /// <summary>Why a node's data must not be let in, or null.</summary>
    private string? Objection(Shard shard, in JoinedNode node)
    {
        var nowMs = Math.Max(_core.Clock.UnixMs, _core.Clock.Last.UnixMs);
        if (node.Highest.UnixMs > nowMs + MaxFutureMs)
        {
            return $"its newest version lies {(node.Highest.UnixMs - nowMs) / 3_600_000} hours in the future: "
                + "check the clock of the machine that wrote it, then this one's";
        }
        return node.Entries > 0 && node.KnownThrough < PurgedThrough
            ? "it was away while deletions were forgotten that it has not seen, so it could bring deleted keys back: "
                + "empty its data directory (its replica's too) and start it again; after a restore, "
                + "restore .cluster-state of the same backup"
            : null;
    }
}
