using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;
using SuperMassive.Core.Storage;
using Record = SuperMassive.Core.Journal.Record;

namespace SuperMassive.Core.Tests.Cores;

/// <summary>A primary or a replica with a journal in memory that outlives it.</summary>
internal sealed class WorldNode(CoreWorld world, string name, NodeSettings settings) : WorldProcess(world, name), INodeEffects
{
    private readonly List<byte> _journal = [];
    private readonly Queue<(long Lsn, byte[] Bytes)> _behind = new();
    private bool _isSyncing;
    private long _syncingBytes;

    public NodeCore Node => (NodeCore)Core!;

    public NodeSettings Settings { get; set; } = settings;

    /// <summary>The next write of the journal fails, and every one after it.</summary>
    public bool IsDiskBroken { get; set; }

    /// <summary>Writes are queued until <see cref="WriteBehind"/>.</summary>
    public bool WritesBehind { get; set; }

    /// <summary>An fsync takes until <see cref="FinishSync"/>.</summary>
    public bool HoldsSyncs { get; set; }

    public long JournalBytes => _journal.Count;

    public IReadOnlyList<byte> Journal => _journal;

    /// <summary>What a power cut leaves of the journal.</summary>
    public long SyncedBytes { get; private set; }

    public JournalFileStatus JournalFileStatus => new("journal", "-rw-------", _journal.Count, "", false);

    protected override bool IsGated => true;

    public override void Start()
    {
        var recovery = new NodeRecovery(KeyHash.SeedFrom(Settings.SharedKey));
        var scan = new JournalScan();
        scan.Feed(_journal.ToArray(), recovery.Apply);
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

    public long WriteJournal(long lsn, ReadOnlySpan<byte> bytes)
    {
        if (IsDiskBroken)
        {
            Node.JournalFailed("the disk is broken");
            return -1;
        }
        if (WritesBehind)
        {
            _behind.Enqueue((lsn, bytes.ToArray()));
            return lsn;
        }
        Write(lsn, bytes);
        return _journal.Count;
    }

    public void SyncJournal()
    {
        _isSyncing = true;
        _syncingBytes = JournalBytes;
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
        var lsn = SyncedBytes = _syncingBytes;
        Post(_ => Node.JournalSynced(lsn));
    }

    public void ReadJournal(object reader, long lsn, int maxBytes)
    {
        var bytes = _journal.Skip((int)lsn).Take(maxBytes).ToArray();
        Post(_ => Node.JournalRead(reader, lsn, bytes));
    }

    /// <summary>Also what a power cut does to what was not synced.</summary>
    public void TruncateJournal(long lsn)
    {
        _journal.RemoveRange((int)lsn, _journal.Count - (int)lsn);
        SyncedBytes = Math.Min(SyncedBytes, lsn);
    }

    public void LoadSettings() => Post(_ => Node.SettingsLoaded(Settings, null));

    private void Write(long lsn, ReadOnlySpan<byte> bytes)
    {
        Assert.Equal(_journal.Count, lsn);
        _journal.AddRange(bytes);
    }
}
