using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;
using SuperMassive.Core.Storage;
using Record = SuperMassive.Core.Journal.Record;

namespace SuperMassive.Core.Tests.Cores;

/// <summary>A primary or a replica with a journal and a checkpoint in memory that outlive it.</summary>
internal sealed class WorldNode(CoreWorld world, string name, NodeSettings settings) : WorldProcess(world, name), INodeEffects
{
    private readonly List<byte> _journal = [];
    private readonly Queue<(long Lsn, byte[] Bytes)> _behind = new();
    private List<byte> _unfinished = [];
    private byte[] _checkpoint = [];
    private long _checkpointLsn;
    private bool _isSyncing;
    private long _syncingBytes;
    private long _syncingWhole;

    public NodeCore Node => (NodeCore)Core!;

    public NodeSettings Settings { get; set; } = settings;

    /// <summary>Pages of a segment of its journal.</summary>
    public long SegmentPages { get; set; } = Page.SegmentPages;

    /// <summary>The next write of the journal fails, and every one after it.</summary>
    public bool IsDiskBroken { get; set; }

    /// <summary>Bytes that the journal may have.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>Whether the disk sets room aside; otherwise it promises any, and refuses in the end.</summary>
    public bool CanReserve { get; set; } = true;

    /// <summary>Why checkpoints fail; null while they do not.</summary>
    public string? CheckpointProblem { get; set; }

    /// <summary>Writes are queued until <see cref="WriteBehind"/>.</summary>
    public bool WritesBehind { get; set; }

    public long FirstJournalLsn { get; private set; }

    /// <summary>An fsync takes until <see cref="FinishSync"/>.</summary>
    public bool HoldsSyncs { get; set; }

    /// <summary>Where the last recovery began to read the journal.</summary>
    public long RecoveredFromLsn { get; private set; }

    /// <summary>Where the journal ends.</summary>
    public long JournalBytes => FirstJournalLsn + _journal.Count;

    /// <summary>What of it is held.</summary>
    public IReadOnlyList<byte> Journal => _journal;

    /// <summary>The installed checkpoint; empty when there is none.</summary>
    public ReadOnlySpan<byte> Checkpoint => _checkpoint;

    /// <summary>What journal and checkpoints take of the disk.</summary>
    public long DiskBytes => _journal.Count + _checkpoint.Length + _unfinished.Count;

    /// <summary>What a power cut leaves of the journal.</summary>
    public long SyncedBytes { get; private set; }

    public JournalFileStatus JournalFileStatus => new("journal", "-rw-------", _journal.Count, "", false);

    protected override bool IsGated => true;

    public override void Start()
    {
        _unfinished = [];
        var recovery = new NodeRecovery(KeyHash.SeedFrom(Settings.SharedKey), SegmentPages);
        if (_checkpoint.Length > 0)
        {
            recovery.BeginCheckpoint();
            recovery.FeedCheckpoint(_checkpoint);
            Assert.True(recovery.EndCheckpoint(out var problem), problem);
        }
        RecoveredFromLsn = recovery.StartLsn;
        if (Settings.IsReplica && recovery.IsUnfinishedSync(FirstJournalLsn))
            ResetJournal(0);
        var scan = recovery.BeginScan(FirstJournalLsn, JournalBytes, SyncedBytes, mayHaveHoles: false);
        scan.Feed(_journal.ToArray().AsSpan((int)(recovery.StartLsn - FirstJournalLsn)), recovery.Apply);
        var verdict = scan.Finish();
        Assert.NotEqual(JournalState.Corrupt, verdict.State);
        TruncateJournal(verdict.EndLsn);
        recovery.Complete(scan.Reader.Id, scan.Reader.Epoch, verdict.EndLsn, scan.Reader.DataBytes);
        Core = new NodeCore(Settings, recovery, this);
    }

    public override void Crash()
    {
        base.Crash();
        _behind.Clear();
        IsDiskBroken = HoldsSyncs = _isSyncing = false;
    }

    /// <summary>What the table holds: the value, "(deleted)" or null.</summary>
    public string? Holds(string key)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(key);
        var table = Node.Data.Table;
        return !table.TryGet(bytes, table.Hash(bytes), out var entry) ? null
            : entry.IsTombstone ? "(deleted)"
            : System.Text.Encoding.UTF8.GetString(entry.Value);
    }

    /// <summary>Writes what was queued.</summary>
    public void WriteBehind()
    {
        while (_behind.TryDequeue(out var write))
        {
            Write(write.Lsn, write.Bytes);
            Post(_ => Node.JournalWritten(write.Lsn + write.Bytes.Length));
        }
    }

    public long JournalRoomBytes => CanReserve ? Math.Max(0, CapacityBytes - JournalBytes) : long.MaxValue;

    public long ReserveJournal(long bytes) => JournalRoomBytes;

    public long WriteJournal(long lsn, ReadOnlySpan<byte> bytes)
    {
        if (IsDiskBroken)
        {
            Node.JournalFailed("the disk is broken");
            return -1;
        }
        if (JournalBytes + bytes.Length > CapacityBytes)
        {
            Assert.False(CanReserve, "more is written than there is room for");
            Node.JournalFull("no space left on device");
            return -1;
        }
        if (WritesBehind)
        {
            _behind.Enqueue((lsn, bytes.ToArray()));
            return lsn;
        }
        Write(lsn, bytes);
        return JournalBytes;
    }

    public void SyncJournal(long wholeLsn)
    {
        _isSyncing = true;
        _syncingBytes = JournalBytes;
        _syncingWhole = wholeLsn;
        if (!HoldsSyncs)
            FinishSync();
    }

    /// <summary>What was written when the fsync began is on the disk.</summary>
    public void FinishSync()
    {
        HoldsSyncs = false;
        if (!_isSyncing)
            return;
        _isSyncing = false;
        var lsn = _syncingBytes;
        SyncedBytes = Math.Min(lsn, _syncingWhole);
        Post(_ => Node.JournalSynced(lsn));
    }

    public void ReadJournal(object reader, long lsn, int maxBytes)
    {
        var bytes = _journal.Skip((int)(lsn - FirstJournalLsn)).Take(maxBytes).ToArray();
        Post(_ => Node.JournalRead(reader, lsn, bytes));
    }

    /// <summary>Also what a power cut does to what was not synced.</summary>
    public void TruncateJournal(long lsn)
    {
        _journal.RemoveRange((int)(lsn - FirstJournalLsn), (int)(JournalBytes - lsn));
        SyncedBytes = Math.Min(SyncedBytes, lsn);
        _syncingBytes = Math.Min(_syncingBytes, lsn);
    }

    public void DropJournalBefore(long lsn)
    {
        var keptFrom = Math.Max(FirstJournalLsn, lsn - lsn % Page.StartOf(SegmentPages));
        _journal.RemoveRange(0, (int)(keptFrom - FirstJournalLsn));
        FirstJournalLsn = keptFrom;
    }

    public void WriteCheckpoint(ReadOnlySpan<byte> bytes)
    {
        _unfinished.AddRange(bytes);
        var total = _unfinished.Count;
        Post(_ => Answer(() => Node.CheckpointWritten(total)));
    }

    public void InstallCheckpoint(long lsn)
    {
        if (CheckpointProblem is null)
        {
            (_checkpoint, _checkpointLsn) = ([.. _unfinished], lsn);
            _unfinished = [];
        }
        Post(_ => Answer(() => Node.CheckpointInstalled(lsn)));
    }

    public void AbandonCheckpoint() => _unfinished = [];

    public void ReadCheckpoint(object reader, long offset, int maxBytes)
    {
        var (lsn, total) = (_checkpointLsn, _checkpoint.Length);
        var bytes = _checkpoint.Skip((int)offset).Take(maxBytes).ToArray();
        Post(_ => Node.CheckpointRead(reader, lsn, offset, bytes, total));
    }

    public void ResetJournal(long startLsn)
    {
        _journal.Clear();
        _unfinished = [];
        _checkpoint = [];
        _checkpointLsn = 0;
        FirstJournalLsn = SyncedBytes = _syncingBytes = startLsn;
    }

    public void LoadSettings() => Post(_ => Node.SettingsLoaded(Settings, null));

    private void Answer(Action succeeded)
    {
        if (CheckpointProblem is { } why)
            Node.CheckpointFailed(why);
        else
            succeeded();
    }

    private void Write(long lsn, ReadOnlySpan<byte> bytes)
    {
        Assert.Equal(JournalBytes, lsn);
        _journal.AddRange(bytes);
    }
}
