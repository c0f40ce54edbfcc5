using SuperMassive.Core.Journal;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Node;

/// <summary>
/// Writes checkpoints of the table while it is being written to, and lets go of the journal behind them. Primaries and replicas alike.
/// </summary>
/// <remarks>
/// The walk is fuzzy: each entry is taken as it is when the walk comes to it. Replaying the journal from where the walk began puts
/// right what changed meanwhile, because records carry versions. A checkpoint is installed only once the journal is on the disk as
/// far as the walk saw it: otherwise a power cut could leave a table that is younger than its journal.
/// </remarks>
internal sealed class Checkpointer
{
    /// <summary>What a batch may take of the table when nothing is being written: some tens of microseconds.</summary>
    private const int SliceBytes = 64 << 10;

    /// <summary>
    /// How much faster than the journal grows the walk goes: it ends before a quarter of the live data was written anew.
    /// </summary>
    private const int Pace = 4;

    /// <summary>Bytes that may wait for the disk. A slower disk slows the walk, never the memory.</summary>
    private const long MaxUnwrittenBytes = 1 << 20;

    private const int EntriesPerScan = 8;

    /// <summary>What a scan counts for at least, since it may pass over as many empty slots.</summary>
    private const int MinScanBytes = 256;

    private const int FirstRetryMs = 1_000;
    private const int LongestRetryMs = 60_000;

    private readonly NodeCore _node;
    private readonly NodeData _data;
    private readonly INodeEffects _effects;
    private readonly long _segmentBytes;
    private readonly EntryVisitor _append;
    private CheckpointWriter? _writer;
    private Stage _stage;
    private ulong _cursor;
    private long _pacedLsn;
    private long _owedBytes;
    private long _handedBytes;
    private long _writtenBytes;
    private long _runEndLsn;
    private long _retryAtMs;
    private int _retryMs = FirstRetryMs;
    private int _unanswered;

    public Checkpointer(NodeCore node, NodeData data, NodeRecovery recovered, INodeEffects effects)
    {
        _node = node;
        _data = data;
        _effects = effects;
        _segmentBytes = recovered.SegmentPages * Page.PageBytes;
        _append = (in Entry entry) => _writer!.Append(entry);
        Lsn = recovered.StartLsn;
        EndLsn = recovered.CheckpointEndLsn;
        Bytes = recovered.CheckpointBytes;
    }

    private enum Stage : byte
    {
        Idle,
        Walking,

        /// <summary>The walk has ended; the file is not written yet, or the journal not synced as far as the walk saw it.</summary>
        Settling,
        Installing,
    }

    /// <summary>Where a replay over the newest installed checkpoint begins; 0 when there is none.</summary>
    public long Lsn { get; private set; }

    /// <summary>What the newest installed checkpoint reaches; 0 when there is none.</summary>
    public long EndLsn { get; private set; }

    /// <summary>Length of the newest installed checkpoint; 0 when there is none.</summary>
    public long Bytes { get; private set; }

    /// <summary>Some of what it asked of the file has no answer yet.</summary>
    public bool IsAwaiting => _unanswered > 0;

    /// <summary>Below this the journal can no longer be cut without starting over: a checkpoint holds what would be cut off.</summary>
    public long UncuttableLsn => _stage == Stage.Installing ? Math.Max(EndLsn, _runEndLsn) : EndLsn;

    /// <summary>What journal and checkpoints may take of the disk together.</summary>
    private long BudgetBytes => 3 * _data.Table.UsedBytes + _segmentBytes + _node.Settings.JournalRetentionBytes;

    private long UsedBytes => _node.EndLsn - _effects.FirstJournalLsn + Bytes + _handedBytes;

    /// <summary>One step per batch, after the batch's records are in table and journal.</summary>
    public void EndBatch()
    {
        if (_node.JournalFailure is not null)
        {
            Abandon();
            return;
        }
        if (_stage == Stage.Idle && IsDue())
            Begin();
        if (_stage == Stage.Walking)
            Walk();
        if (_stage == Stage.Settling && _unanswered == 0 && _node.SyncedLsn >= _runEndLsn)
            Install();
    }

    public void Written(long totalBytes)
    {
        _unanswered--;
        _writtenBytes = Math.Max(_writtenBytes, totalBytes);
    }

    public void Installed(long lsn)
    {
        _unanswered--;
        if (_stage != Stage.Installing)
            return;
        (Lsn, EndLsn, Bytes) = (lsn, _runEndLsn, _handedBytes);
        _effects.Report(CoreEvent.CheckpointInstalled, _node.Settings.Address, $"{_writer!.Records} entries in {Bytes} bytes at LSN {lsn}");
        _retryMs = FirstRetryMs;
        End();
        _effects.DropJournalBefore(NeededFromLsn());
    }

    public void Failed(string why)
    {
        _unanswered--;
        if (_stage == Stage.Idle)
            return;
        _effects.Report(CoreEvent.CheckpointFailed, _node.Settings.Address, why);
        End();
        _effects.AbandonCheckpoint();
        _retryAtMs = _node.NowMs + _retryMs;
        _retryMs = Math.Min(_retryMs * 2, LongestRetryMs);
    }

    /// <summary>A replica has started over from its primary's checkpoint, which is now its own.</summary>
    public void TakeOver(InstalledCheckpoint installed) => (Lsn, EndLsn, Bytes) = (installed.Lsn, installed.EndLsn, installed.Bytes);

    /// <summary>The journal was cut off: what the walk saw may be gone.</summary>
    public void JournalCut() => Abandon();

    /// <summary>The journal and all checkpoints are gone.</summary>
    public void JournalReset()
    {
        _stage = Stage.Idle;
        End();
        Lsn = EndLsn = Bytes = 0;
    }

    /// <summary>
    /// Often enough that a replay is short and the disk is not filled by history, not so often that small data is written all the time.
    /// </summary>
    private bool IsDue()
    {
        var sinceBytes = _node.AppliedLsn - Lsn;
        var liveBytes = _data.Table.UsedBytes;
        if (sinceBytes <= liveBytes / 2 || _unanswered > 0 || _node.NowMs < _retryAtMs || _node.Position.Id is null)
            return false;
        return sinceBytes > _segmentBytes / 4 || UsedBytes + liveBytes > BudgetBytes;
    }

    private void Begin()
    {
        var from = _node.Position;
        _writer = new CheckpointWriter(new CheckpointHeader
        {
            Lsn = from.Lsn,
            JournalId = from.Id!.Value,
            Epoch = from.Epoch,
            DataBytes = from.DataBytes,
            Fence = _data.Fence,
            KnownThrough = _data.KnownThrough,
            PurgedThrough = _data.PurgedThrough,
            HighestVersion = _data.HighestVersion,
            History = [.. _data.History],
        });
        _stage = Stage.Walking;
        _cursor = 0;
        _pacedLsn = from.Lsn;
        _owedBytes = _handedBytes = _writtenBytes = 0;
        _effects.Report(CoreEvent.CheckpointBegun, _node.Settings.Address, $"at LSN {from.Lsn}");
    }

    private void Walk()
    {
        _owedBytes += Pace * (_node.AppliedLsn - _pacedLsn);
        _pacedLsn = _node.AppliedLsn;
        var leftBytes = Math.Min(SliceBytes + _owedBytes, MaxUnwrittenBytes - (_handedBytes - _writtenBytes));
        if (leftBytes <= 0)
            return;
        _owedBytes = Math.Max(0, _owedBytes - leftBytes);
        do
        {
            var before = _writer!.TotalBytes;
            _cursor = _data.Table.Scan(_cursor, EntriesPerScan, _append);
            leftBytes -= Math.Max(_writer.TotalBytes - before, MinScanBytes);
        }
        while (_cursor != 0 && leftBytes > 0);
        if (_cursor == 0)
        {
            _runEndLsn = _node.AppliedLsn;
            _writer.Complete(_runEndLsn);
            _stage = Stage.Settling;
        }
        _handedBytes = _writer.TotalBytes;
        _unanswered++;
        _effects.WriteCheckpoint(_writer.Unwritten);
        _writer.MarkWritten();
    }

    private void Install()
    {
        _stage = Stage.Installing;
        _unanswered++;
        _effects.InstallCheckpoint(_writer!.Header.Lsn);
    }

    /// <summary>
    /// An install that has begun can no longer be taken back, and need not: the journal is on the disk as far as it reaches.
    /// </summary>
    private void Abandon()
    {
        if (_stage is Stage.Idle or Stage.Installing)
            return;
        End();
        _effects.AbandonCheckpoint();
    }

    private void End()
    {
        _stage = Stage.Idle;
        _writer = null;
        _handedBytes = 0;
    }

    /// <summary>
    /// A replica that is behind goes on in the journal as long as the budget has room for what it lacks; then it starts over from the
    /// checkpoint. Of three times the live data this checkpoint and the next take two, and the journal grows by three quarters before
    /// the next is there (<see cref="IsDue"/>, <see cref="Pace"/>).
    /// </summary>
    private long NeededFromLsn()
    {
        var neededLsn = _node.Feeds.NeededFrom(Lsn);
        var affordedLsn = _node.EndLsn - _data.Table.UsedBytes / 4 - _node.Settings.JournalRetentionBytes;
        return Math.Min(Lsn, Math.Max(neededLsn, affordedLsn));
    }
}
