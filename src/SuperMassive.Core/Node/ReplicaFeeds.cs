using SuperMassive.Core.Journal;

namespace SuperMassive.Core.Node;

/// <summary>A primary's replicas: one feed for each that is configured. A replica has none.</summary>
internal sealed class ReplicaFeeds(NodeCore node, INodeEffects effects)
{
    private readonly List<ReplicaFeed> _feeds = [];
    private JournalId? _lostJournal;

    /// <summary>
    /// Whether every replica was asked for what this primary may have lost, or could not be reached.
    /// </summary>
    public bool HaveSettled => _feeds.TrueForAll(feed => feed.HasSettled);

    /// <summary>Allocates.</summary>
    public FeedFigures[] Figures => [.. _feeds.Select(feed => feed.Figures)];

    public List<ReplicaFeed>.Enumerator GetEnumerator() => _feeds.GetEnumerator();

    /// <summary>Once per batch, before anything else of it.</summary>
    public void Tick(long nowMs)
    {
        foreach (var feed in _feeds)
            feed.Tick(nowMs);
    }

    /// <summary>The journal grew by <paramref name="bytes"/>; they are written.</summary>
    public void Appended(long lsn, ReadOnlySpan<byte> bytes)
    {
        foreach (var feed in _feeds)
            feed.Appended(lsn, bytes);
    }

    /// <summary>Bytes written behind have arrived in the file.</summary>
    public void Written()
    {
        foreach (var feed in _feeds)
            feed.Written();
    }

    /// <summary>A batch ended: table and journal are as of the same LSN.</summary>
    public void BatchEnded()
    {
        foreach (var feed in _feeds)
            feed.BatchEnded();
    }

    /// <returns>The LSN that at least <paramref name="count"/> replicas have applied; −1 when there are fewer replicas.</returns>
    public long AckedBy(int count)
    {
        if (count > _feeds.Count)
            return -1;
        Span<long> acked = stackalloc long[_feeds.Count];
        for (var i = 0; i < _feeds.Count; i++)
            acked[i] = _feeds[i].AckedLsn;
        acked.Sort();
        return acked[^count];
    }

    /// <returns>The first byte of the journal before <paramref name="lsn"/> that a replica may still ask for, or that LSN.</returns>
    public long NeededFrom(long lsn)
    {
        foreach (var feed in _feeds)
            lsn = Math.Min(lsn, feed.NeededLsn);
        return lsn;
    }

    /// <summary>
    /// Whether this primary may take back what is in another journal: it has lost its disk and holds nothing yet, or only what it took
    /// from another replica with that journal.
    /// </summary>
    public bool MayTakeOver(JournalId id)
    {
        if (node.Data.HighestVersion == Version.None)
            _lostJournal = id;
        return _lostJournal == id;
    }

    /// <summary>
    /// One feed for each replica of the settings, once the journal has begun: what a replica holds beyond this journal could not be
    /// taken back before.
    /// </summary>
    public void Configure()
    {
        if (!node.Journal.HasBegun)
            return;
        var settings = node.Settings;
        foreach (var feed in _feeds.ToArray())
        {
            var configured = settings.Replicas.FirstOrDefault(peer => peer.Address == feed.Peer.Address);
            if (configured is not null)
            {
                feed.Reconfigure(configured);
                continue;
            }
            feed.Stop("removed from the configuration");
            _feeds.Remove(feed);
        }
        foreach (var peer in settings.Replicas)
        {
            if (!_feeds.Exists(feed => feed.Peer.Address == peer.Address))
                _feeds.Add(new ReplicaFeed(node, effects, peer, settings.SharedKey));
        }
        foreach (var feed in _feeds)
            feed.HealthCheckIntervalMs = settings.HealthCheckIntervalMs;
    }
}
