using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>A primary and its replicas, as the cluster sees them.</summary>
internal sealed class Shard
{
    private readonly List<ShardLink> _replicas = [];

    public Shard(ClusterCore core, int id, PeerAddress primary)
    {
        Id = id;
        Primary = new ShardLink(core, this, primary, isReplica: false);
    }

    /// <summary>Never reused within a process: hints name shards by it.</summary>
    public int Id { get; }

    public string Address => Primary.Peer.Address;

    public ShardLink Primary { get; }

    /// <summary>To be read only: a list and no interface, because walking one of those allocates.</summary>
    public List<ShardLink> Replicas => _replicas;

    /// <summary>Joined, and brought up to date with the deletions it missed.</summary>
    public bool IsHealthy { get; set; }

    public bool IsRemoved { get; set; }

    /// <summary>The primary's history at its last JOIN; empty before the first.</summary>
    public string History { get; set; } = "";

    /// <summary>The highest LSN in any reply: what a replica must have applied to answer for this primary.</summary>
    public long AckedLsn { get; set; }

    public Version PurgedThrough { get; set; }

    /// <summary>What the primary said last that it has on disk.</summary>
    public long SyncedLsn { get; set; }

    /// <summary>Where its journal must be on disk before deletions are forgotten.</summary>
    public long PurgeLsn { get; set; }

    /// <summary>
    /// It refused a deletion or a drop, because it cannot write its journal: deletions must be remembered until it has caught up.
    /// </summary>
    public bool MissesDeletions { get; set; }

    /// <summary>It said so since, or when it was asked last.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Healthy, and told of every deletion that this process knows to stand.</summary>
    public bool KnowsDeletions { get; set; }

    /// <summary>How many deletions had been seen (<see cref="Purger.SeenCount"/>) when it went away knowing them all; else −1.</summary>
    public long KnownWhenLost { get; set; } = -1;

    /// <summary>It refused what it should have recorded.</summary>
    public void Missed() => MissesDeletions = IsReadOnly = true;

    public void Acked(long lsn)
    {
        if (lsn > AckedLsn)
            AckedLsn = lsn;
    }

    /// <summary>A replica of the primary's present history that can be asked; what it lacks shows in its reply.</summary>
    /// <param name="after">One that was asked in vain: only those behind it in the configuration count.</param>
    public ShardLink? ReadyReplica(ShardLink? after = null)
    {
        for (var i = after is null ? 0 : _replicas.IndexOf(after) + 1; i < _replicas.Count; i++)
        {
            var replica = _replicas[i];
            if (replica.IsJoined && History.Length > 0 && replica.History == History)
                return replica;
        }
        return null;
    }

    public void SetReplicas(ClusterCore core, IReadOnlyList<PeerAddress> peers)
    {
        foreach (var replica in _replicas.ToArray())
        {
            var configured = peers.FirstOrDefault(peer => peer.Address == replica.Peer.Address);
            if (configured is not null)
            {
                replica.Reconfigure(configured);
                continue;
            }
            _replicas.Remove(replica);
            replica.Stop("removed from the configuration");
        }
        foreach (var peer in peers)
        {
            if (!_replicas.Exists(replica => replica.Peer.Address == peer.Address))
                _replicas.Add(new ShardLink(core, this, peer, isReplica: true));
        }
    }
}
