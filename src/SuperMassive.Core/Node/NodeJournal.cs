using SuperMassive.Core.Journal;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Node;

/// <summary>
/// A node's journal as the node sees it: what was appended, how far it is written and on the disk, and which replies wait for
/// that.
/// </summary>
internal sealed class NodeJournal
{
    private readonly NodeCore _node;
    private readonly NodeData _data;
    private readonly INodeEffects _effects;
    private readonly JournalWriter _writer;
    private readonly ReplyGate _gate = new();
    private long _syncingLsn = -1;

    /// <summary>What the fsync under way will report was cut off since, and may have been written anew.</summary>
    private bool _wasCutWhileSyncing;
    private long _nextSyncMs;

    public NodeJournal(NodeCore node, NodeRecovery recovered, INodeEffects effects)
    {
        _node = node;
        _data = recovered.Data;
        _effects = effects;
        _writer = JournalWriter.Resume(
            recovered.JournalId ?? NewId(), recovered.Epoch, recovered.EndLsn, recovered.DataBytes, recovered.SegmentPages);
        WrittenLsn = recovered.EndLsn; // what of it is on the disk only the first fsync can tell
    }

    public JournalId Id => _writer.Id;

    /// <summary>Where a primary's next record will stand, and what is before it.</summary>
    public JournalPosition Position => new(_writer.Id, _writer.Epoch, _writer.EndLsn, _writer.DataBytes);

    /// <summary>Where a primary's next record will stand.</summary>
    public long EndLsn => _writer.EndLsn;

    public long WrittenLsn { get; private set; }

    public long SyncedLsn { get; private set; }

    /// <summary>Why it can no longer be written, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>The journal failed, and the table shows more than the journal will ever hold.</summary>
    public bool ShowsUnkept { get; private set; }

    /// <summary>An fsync is under way.</summary>
    public bool IsSyncing => _syncingLsn >= 0;

    /// <summary>Every start of a primary opens an epoch, so that two histories of one journal can be told apart.</summary>
    public void BeginEpoch(NodeRecovery recovered)
    {
        Span<byte> random = stackalloc byte[HistoryId.Bytes];
        _effects.FillRandom(random);
        var number = recovered.Epoch + 1;
        _writer.BeginEpoch(number);
        var epoch = new EpochRecord(number, HistoryId.Read(random), recovered.EndLsn, _node.History);
        Span<byte> payload = stackalloc byte[EpochRecord.Bytes];
        epoch.Write(payload);
        Commit(new Record(RecordKind.Epoch, Version.None, default, payload));
    }

    /// <summary>The write funnel: the table, then the journal; replicas get the journal's bytes when the batch ends.</summary>
    public void Commit(in Record record)
    {
        _data.Apply(record);
        _writer.Append(record);
    }

    /// <summary>Writes what this batch appended, once, and hands the same bytes to the replicas.</summary>
    public void Write()
    {
        var bytes = _writer.Unwritten;
        if (_node.Sync is not null || bytes.IsEmpty || Failure is not null)
            return;
        var lsn = _writer.EndLsn - bytes.Length;
        var written = _effects.WriteJournal(lsn, bytes);
        if (written < 0)
            return;
        WrittenLsn = Math.Max(WrittenLsn, written);
        foreach (var feed in _node.Feeds)
            feed.Appended(lsn, bytes);
        _writer.MarkWritten(_writer.EndLsn);
    }

    /// <summary>A replica's journal, verbatim. Same effect and same failure as a primary's own write.</summary>
    /// <returns>Whether the bytes are written.</returns>
    public bool WriteReceived(long lsn, ReadOnlySpan<byte> bytes)
    {
        if (Failure is not null)
            return false;
        var written = _effects.WriteJournal(lsn, bytes);
        if (written < 0)
            return false;
        WrittenLsn = Math.Max(WrittenLsn, written);
        return true;
    }

    /// <summary>A replica's journal is cut, or begins anew at 0.</summary>
    public void Cut(long lsn)
    {
        if (lsn == 0)
            _effects.ResetJournal(0);
        else
            _effects.TruncateJournal(lsn);
        _node.JournalCut(lsn);
        _wasCutWhileSyncing = IsSyncing;
        WrittenLsn = SyncedLsn = lsn;
    }

    /// <summary>A replica starts over from a checkpoint: its journal is empty and goes on at <paramref name="startLsn"/>.</summary>
    public void Reset(long startLsn)
    {
        _effects.ResetJournal(startLsn);
        _node.JournalCut(0);
        _wasCutWhileSyncing = IsSyncing;
        WrittenLsn = SyncedLsn = startLsn;
    }

    /// <summary>Starts an fsync when one is due.</summary>
    /// <param name="isUrgent">Whether to wait for no interval.</param>
    public void RequestSync(bool isUrgent)
    {
        if (IsSyncing || SyncedLsn >= WrittenLsn || Failure is not null)
            return;
        if (_node.Settings.JournalMode != JournalMode.Always && _node.NowMs < _nextSyncMs && !isUrgent)
            return;
        _nextSyncMs = _node.NowMs + _node.Settings.SyncIntervalMs;
        _syncingLsn = WrittenLsn;
        _effects.SyncJournal(Math.Min(WrittenLsn, _node.AppliedLsn));
    }

    public void Written(long lsn) => WrittenLsn = Math.Max(WrittenLsn, lsn);

    public void Synced(long lsn)
    {
        _syncingLsn = -1;
        if (!_wasCutWhileSyncing)
            SyncedLsn = Math.Max(SyncedLsn, lsn);
        _wasCutWhileSyncing = false;
    }

    public void Failed(string why)
    {
        _syncingLsn = -1;
        if (Failure is null)
        {
            _effects.Report(CoreEvent.JournalFailed, _node.Settings.Address, why);
            ShowsUnkept = _writer.EndLsn > (_node.Settings.JournalMode == JournalMode.Always ? SyncedLsn : WrittenLsn);
        }
        Failure = why;
        _gate.Clear();
    }

    /// <summary>
    /// Keeps back what <paramref name="session"/> was answered in this batch. What is said before JOIN tells nothing of the data,
    /// and must not wait for it.
    /// </summary>
    public void Hold(PeerSession session) => _gate.Hold(session, session.IsJoined ? _writer.EndLsn : 0);

    /// <summary>Lets go the replies that have become true.</summary>
    public void Release()
    {
        // a node whose journal failed takes no writes: what it still shows depends on nothing to come
        var lsn = _node.Sync is not null || Failure is not null ? long.MaxValue : _node.Settings.JournalMode switch
        {
            JournalMode.Async => long.MaxValue,
            JournalMode.Written => WrittenLsn,
            _ => SyncedLsn,
        };
        if (_node.Settings.ReplicaAcks > 0 && lsn != long.MaxValue)
            lsn = Math.Min(lsn, AckedBy(_node.Settings.ReplicaAcks));
        _gate.ReleaseThrough(lsn);
    }

    /// <returns>The LSN that at least <paramref name="count"/> replicas have applied.</returns>
    private long AckedBy(int count)
    {
        var feeds = _node.Feeds;
        if (count > feeds.Count)
            return -1;
        Span<long> acked = stackalloc long[feeds.Count];
        for (var i = 0; i < feeds.Count; i++)
            acked[i] = feeds[i].AckedLsn;
        acked.Sort();
        return acked[^count];
    }

    private JournalId NewId()
    {
        Span<byte> random = stackalloc byte[JournalId.Bytes];
        _effects.FillRandom(random);
        return JournalId.Read(random);
    }
}
