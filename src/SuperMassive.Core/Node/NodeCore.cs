using SuperMassive.Core.Journal;
using SuperMassive.Core.Links;
using SuperMassive.Core.Node.Replication;
using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Node;

/// <summary>
/// A node: a primary, or a replica, which is a node whose writes come from its primary's journal. The only place where data
/// changes.
/// </summary>
/// <remarks>
/// One write funnel: every mutation becomes one record with its result and version, and that record goes to the table, to the
/// journal and to every replica, in that order (<see cref="Commit"/>, <see cref="EndBatch"/>).
/// </remarks>
public sealed class NodeCore : IStateMachine
{
    private readonly INodeEffects _effects;
    private readonly NodeData _data;
    private readonly NodeJournal _journal;
    private readonly NodeCheckpoints _checkpoints;
    private readonly NodeSessions _sessions;
    private readonly NodeCommands _commands;
    private readonly NodeReload _reload;
    private readonly ReplicaSync? _sync;
    private readonly ReplicaFeeds _feeds;
    private NodeSettings _settings;
    private long _nextCheckMs;
    private long _nowMs;
    private long _startedMs = -1;
    private bool _draining;

    public NodeCore(NodeSettings settings, NodeRecovery recovered, INodeEffects effects)
    {
        _settings = settings;
        _effects = effects;
        _data = recovered.Data;
        _journal = new NodeJournal(this, recovered, effects);
        SegmentPages = recovered.SegmentPages;
        _sessions = new NodeSessions(this, effects);
        _reload = new NodeReload(this, effects);
        _commands = new NodeCommands(this, _data, _sessions, _reload, effects);
        if (settings.IsReplica)
            _sync = new ReplicaSync(this, _data, recovered, effects);
        _checkpoints = new NodeCheckpoints(new Checkpointer(this, _data, recovered, effects), _sync);
        _feeds = new ReplicaFeeds(this, effects);
        _journal.TryBegin();
        _feeds.Configure();
    }

    internal NodeSettings Settings => _settings;

    internal NodeJournal Journal => _journal;

    /// <summary>Where the next record will stand: on a primary the end of its own journal, on a replica of what it received.</summary>
    internal long EndLsn => _sync?.ReceivedLsn ?? _journal.EndLsn;

    /// <summary>What a reply may claim to include.</summary>
    internal long AppliedLsn => _sync?.AppliedLsn ?? _journal.EndLsn;

    internal long WrittenLsn => _journal.WrittenLsn;

    internal long SyncedLsn => _journal.SyncedLsn;

    /// <summary>Pages of a segment of the journal.</summary>
    internal long SegmentPages { get; }

    /// <summary>Where the journal could be gone on with, all that is applied being before it.</summary>
    internal JournalPosition Position => _sync?.Position ?? _journal.Position;

    /// <summary>Where a replay over the newest installed checkpoint begins; 0 when there is none.</summary>
    public long CheckpointLsn => _checkpoints.Lsn;

    /// <summary>
    /// What the newest checkpoint reaches: a replica whose journal has to be cut below it must start over, because the checkpoint
    /// holds what would be cut off.
    /// </summary>
    public long CheckpointEndLsn => _checkpoints.UncuttableLsn;

    internal long FirstLsn => _effects.FirstJournalLsn;

    internal HistoryId History => _data.History.Count > 0 ? _data.History[^1].History : default;

    internal ReplicaFeeds Feeds => _feeds;

    internal long NowMs => _nowMs;

    internal long UptimeMs => _nowMs - _startedMs;

    internal int ConnectionCount => _sessions.Count;

    internal string? JournalFailure => _journal.Failure;

    internal ReplicaSync? Sync => _sync;

    internal JournalFileStatus JournalFile => _effects.JournalFileStatus;

    public NodeData Data => _data;

    /// <summary>Why it should get no work now, or null.</summary>
    public string? Problem =>
        _journal.Failure is { } why ? $"the journal can no longer be written: {why}"
        : _journal.Stall is { } stall ? $"waits for room on its journal's disk: {stall}"
        : _journal.HasBegun ? null
        : "waits for room on its journal's disk";

    /// <summary>All figures of this moment, for another thread to read. Allocates.</summary>
    public NodeFigures Figures() => new()
    {
        Commands = _commands.Figures,
        Replicas = _feeds.Figures,
        IsReplica = _sync is not null,
        Connections = _sessions.Count,
        Keys = _data.Table.LiveCount,
        Tombstones = _data.Table.TombstoneCount,
        UsedBytes = _data.Table.UsedBytes,
        MaxBytes = _settings.MaxMemoryBytes,
        FirstLsn = FirstLsn,
        EndLsn = EndLsn,
        CheckpointLsn = _checkpoints.Lsn,
        CheckpointBytes = _checkpoints.Bytes,
        WrittenLsn = WrittenLsn,
        SyncedLsn = SyncedLsn,
        AppliedLsn = AppliedLsn,
        JournalFailure = _journal.Failure,
        IsInSync = _sync?.IsInSync ?? true,
    };

    public bool IsDrained => _draining && !_journal.IsSyncing && (SyncedLsn >= EndLsn || _journal.Failure is not null);

    public void BeginBatch(long unixMs, long monotonicMs)
    {
        _nowMs = monotonicMs;
        if (_startedMs < 0)
            _startedMs = monotonicMs;
        _feeds.Tick(monotonicMs);
        if (monotonicMs < _nextCheckMs)
            return;
        _nextCheckMs = monotonicMs + 100;
        _sessions.CloseTheUnauthenticated();
        _journal.Tick();
        if (!_journal.HasBegun && _journal.TryBegin())
            _feeds.Configure();
    }

    public void Accepted(Channel channel) => _sessions.Add(channel);

    public void Opened(Channel channel) => ((PeerLink)channel.Owner!).Opened();

    public void Closed(Channel channel, string reason)
    {
        if (channel.Owner is PeerLink link)
            link.Lost(reason);
        else if (channel.Owner is PeerSession session)
            _sessions.Remove(session);
    }

    public int Received(Channel channel, ReadOnlySpan<byte> bytes) =>
        channel.Owner is PeerLink link ? link.Received(bytes) : _commands.Received((PeerSession)channel.Owner!, bytes);

    /// <summary>
    /// Writes what this batch appended to the journal once, hands the same bytes to the replicas, and lets go the replies that
    /// have become true.
    /// </summary>
    public void EndBatch()
    {
        _journal.Write();
        _sync?.EndBatch();
        _feeds.BatchEnded();
        foreach (var session in _sessions.Touched)
        {
            if (!session.IsClosed)
                _journal.Hold(session);
        }
        _sessions.Touched.Clear();
        _journal.RequestSync(isUrgent: _draining);
        if (!_draining)
            _checkpoints.EndBatch();
        _journal.Release();
    }

    /// <summary>What peers send from here on they get no answer to: under load there would be no end to it.</summary>
    public void BeginDrain()
    {
        _draining = true;
        _sessions.PauseReading();
    }

    /// <summary>Written-behind bytes arrived in the file.</summary>
    public void JournalWritten(long lsn)
    {
        _journal.Written(lsn);
        _feeds.Written();
    }

    /// <summary>Everything up to <paramref name="lsn"/> is on the disk.</summary>
    public void JournalSynced(long lsn) => _journal.Synced(lsn);

    /// <summary>
    /// A write or an fsync failed. What was not answered yet never will be: after a failed fsync nobody knows what the disk
    /// holds, so it is never retried. Reads go on unless the table shows what the journal did not keep: a cluster that met such a
    /// value would believe it, and drop another node's copy for one that the next restart forgets.
    /// </summary>
    public void JournalFailed(string why)
    {
        _journal.Failed(why);
        _sessions.AbortUnanswered();
    }

    /// <summary>
    /// The disk had no room for a write although it had promised it. The node leaves its cluster, whose other nodes go on, and comes
    /// back by itself when the same bytes are written.
    /// </summary>
    public void JournalFull(string why)
    {
        _journal.Full(why);
        if (_sync is null)
            _sessions.AbortUnanswered();
    }

    /// <summary>Answers ReadJournal.</summary>
    public void JournalRead(object reader, long lsn, ReadOnlySpan<byte> bytes)
    {
        if (reader is ReplicaFeed feed)
            feed.JournalRead(lsn, bytes);
        else if (reader is SurplusServing serving)
            serving.JournalRead(bytes);
    }

    /// <summary>Answers WriteCheckpoint: so many bytes of the checkpoint are in its file now.</summary>
    public void CheckpointWritten(long totalBytes) => _checkpoints.Written(totalBytes);

    /// <summary>Answers InstallCheckpoint: the checkpoint of that LSN is the newest one, durably.</summary>
    public void CheckpointInstalled(long lsn) => _checkpoints.Installed(lsn);

    /// <summary>
    /// Answers WriteCheckpoint or InstallCheckpoint when the disk refused. Nothing is lost but the space that the journal goes on
    /// taking; it is tried again later.
    /// </summary>
    public void CheckpointFailed(string why) => _checkpoints.Failed(why);

    /// <summary>Answers ReadCheckpoint.</summary>
    /// <param name="checkpointLsn">The LSN of the checkpoint that the bytes are from.</param>
    /// <param name="totalBytes">Its length; 0 when there is no checkpoint.</param>
    public void CheckpointRead(object reader, long checkpointLsn, long offset, ReadOnlySpan<byte> bytes, long totalBytes)
    {
        if (reader is ICheckpointReceiver receiver)
            receiver.CheckpointRead(checkpointLsn, offset, bytes, totalBytes);
    }

    /// <summary>Answers LoadSettings: either new settings or what is wrong with the file.</summary>
    public void SettingsLoaded(NodeSettings? settings, string? error) => _reload.SettingsLoaded(settings, error);

    /// <inheritdoc cref="NodeJournal.Commit"/>
    internal void Commit(in Record record) => _journal.Commit(record);

    /// <inheritdoc cref="NodeJournal.Commit(in Record, ulong)"/>
    internal void Commit(in Record record, ulong hash) => _journal.Commit(record, hash);

    /// <inheritdoc cref="NodeCheckpoints.JournalCut"/>
    internal void JournalCut(long lsn) => _checkpoints.JournalCut(lsn);

    /// <summary>What clusters were told has changed under them: they must join and ask again.</summary>
    internal void CloseClusterSessions() => _sessions.AbortClusters();

    internal void CloseClusterSessions(FenceRecord outrankedBy) => _sessions.AbortClusters(outrankedBy);

    internal void Touch(PeerSession session) => _sessions.Touched.Add(session);

    internal void Abort(PeerSession session) => _sessions.Abort(session);

    internal void CloseAfterReply(PeerSession session) => _sessions.CloseAfterReply(session);

    /// <summary>The replicas' side of the gate has moved.</summary>
    internal void FeedAdvanced() => _journal.Release();

    internal void Configure(NodeSettings settings)
    {
        _settings = settings with { Address = _settings.Address, SharedKey = _settings.SharedKey };
        _feeds.Configure();
    }
}
