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
    private readonly JournalSpace _space;
    private readonly ReplyGate _gate = new();
    private readonly uint _nextEpoch;
    private readonly long _recordsEndLsn;
    private long _syncingLsn = -1;

    /// <summary>What the fsync under way will report was cut off since, and may have been written anew.</summary>
    private bool _wasCutWhileSyncing;
    private long _nextSyncMs;
    private long _nextWriteMs;

    /// <summary>How often bytes that the disk refused are offered to it again.</summary>
    private const int RetryIntervalMs = 100;

    public NodeJournal(NodeCore node, NodeRecovery recovered, INodeEffects effects)
    {
        _node = node;
        _data = recovered.Data;
        _effects = effects;
        _writer = JournalWriter.Resume(
            recovered.JournalId ?? NewId(), recovered.Epoch, recovered.EndLsn, recovered.DataBytes, recovered.SegmentPages);
        _space = new JournalSpace(node, effects);
        _nextEpoch = recovered.Epoch + 1;
        _recordsEndLsn = recovered.RecordsEndLsn;
        HasBegun = node.Settings.IsReplica;
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

    /// <summary>The disk was full although it had promised room: why. The bytes are offered to it again until it takes them.</summary>
    public string? Stall { get; private set; }

    /// <summary>
    /// The table shows more than the journal holds: for ever after a failure, and while it is stalled. A cluster that met such a
    /// value would believe it, and drop another node's copy for one that the next restart forgets.
    /// </summary>
    public bool ShowsUnkept { get; private set; }

    /// <summary>Of a primary: whether this start has opened its epoch, for which there must be room.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Records are refused for want of room.</summary>
    public bool IsFull => _space.IsFull || Stall is not null || !HasBegun;

    /// <summary>Up to where the table shows the journal: on a replica what was applied of its primary's.</summary>
    private long ShownLsn => _node.Sync is null ? _writer.EndLsn : _node.AppliedLsn;

    /// <summary>An fsync is under way.</summary>
    public bool IsSyncing => _syncingLsn >= 0;

    /// <summary>Every start of a primary opens an epoch, so that two histories of one journal can be told apart.</summary>
    /// <returns>False while there is no room for it.</returns>
    public bool TryBegin()
    {
        if (HasBegun)
            return true;
        if (!_space.Has(Page.PageBytes + EpochRecord.Bytes, 0, RecordUse.Start))
            return false;
        HasBegun = true;
        Span<byte> random = stackalloc byte[HistoryId.Bytes];
        _effects.FillRandom(random);
        _writer.BeginEpoch(_nextEpoch);
        var epoch = new EpochRecord(_nextEpoch, HistoryId.Read(random), _recordsEndLsn, _node.History);
        Span<byte> payload = stackalloc byte[EpochRecord.Bytes];
        epoch.Write(payload);
        Commit(new Record(RecordKind.Epoch, Version.None, default, payload));
        return true;
    }

    /// <summary>
    /// Whether the journal can keep a record; otherwise nothing of it may be applied. After a failure a node still remembers, for as long
    /// as it runs, which cluster process it obeys.
    /// </summary>
    public bool HasRoomFor(in Record record, RecordUse use) =>
        Stall is null && (Failure is null || use == RecordUse.Start)
            && _space.Has(record.EncodedBytes, _writer.EndLsn - _writer.WrittenLsn, use);

    /// <summary>Whether a replica can keep its primary's bytes.</summary>
    public bool HasRoomFor(ReadOnlySpan<byte> received) => _space.Has(received.Length, 0, RecordUse.Start);

    public void Tick() => _space.Tick();

    /// <summary>The write funnel: the table, then the journal; replicas get the journal's bytes when the batch ends.</summary>
    public void Commit(in Record record)
    {
        _data.Apply(record);
        _writer.Append(record);
    }

    /// <summary>The same with the hash of the record's key: a command computes it once.</summary>
    public void Commit(in Record record, ulong hash)
    {
        _data.Apply(record, hash);
        _writer.Append(record);
    }

    /// <summary>Writes what this batch appended, once, and hands the same bytes to the replicas.</summary>
    public void Write()
    {
        var bytes = _writer.Unwritten;
        if (_node.Sync is not null || bytes.IsEmpty || Failure is not null || (Stall is not null && _node.NowMs < _nextWriteMs))
            return;
        var lsn = _writer.EndLsn - bytes.Length;
        var written = _effects.WriteJournal(lsn, bytes);
        if (written < 0)
            return;
        WrittenLsn = Math.Max(WrittenLsn, written);
        _node.Feeds.Appended(lsn, bytes);
        _writer.MarkWritten(_writer.EndLsn);
        if (Stall is null)
            return;
        Stall = null;
        ShowsUnkept = false;
        _effects.Report(CoreEvent.JournalHasRoom, _node.Settings.Address, "what was written last is kept");
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
            ShowsUnkept = ShownLsn > (_node.Settings.JournalMode == JournalMode.Always ? SyncedLsn : WrittenLsn);
        }
        Failure = why;
        _gate.Clear();
    }

    /// <summary>The disk had no room for a write after all; nothing of it is in the file.</summary>
    public void Full(string why)
    {
        _nextWriteMs = _node.NowMs + RetryIntervalMs;
        if (_node.Sync is not null)
            return;
        if (Stall is null)
            _effects.Report(CoreEvent.JournalFull, _node.Settings.Address, why);
        Stall = why;
        ShowsUnkept = true;
        _gate.Clear();
    }

    /// <summary>
    /// Keeps back what <paramref name="session"/> was answered in this batch. What is said before JOIN tells nothing of the data,
    /// and must not wait for it.
    /// </summary>
    public void Hold(PeerSession session) => _gate.Hold(session, session.IsJoined ? ShownLsn : 0);

    /// <summary>Lets go the replies that have become true.</summary>
    public void Release()
    {
        // a node whose journal failed takes no writes: what it still shows depends on nothing to come
        var lsn = Failure is not null ? long.MaxValue : _node.Settings.JournalMode switch
        {
            JournalMode.Async => long.MaxValue,
            JournalMode.Written => WrittenLsn,
            _ => SyncedLsn,
        };
        if (_node.Sync is null && _node.Settings.ReplicaAcks > 0 && lsn != long.MaxValue)
            lsn = Math.Min(lsn, _node.Feeds.AckedBy(_node.Settings.ReplicaAcks));
        _gate.ReleaseThrough(lsn);
    }

    private JournalId NewId()
    {
        Span<byte> random = stackalloc byte[JournalId.Bytes];
        _effects.FillRandom(random);
        return JournalId.Read(random);
    }
}
