using SuperMassive.Core;
using SuperMassive.Core.Node;
using SuperMassive.Core.Storage;

namespace SuperMassive.Benchmarks;

/// <summary>A primary's core; its journal is written nowhere, at once, and synced one batch later.</summary>
internal sealed class RigNode : RigProcess, INodeEffects
{
    private readonly NodeCore _core;
    private long _writtenLsn;
    private bool _isSyncing;

    public RigNode(Rig rig, NodeSettings settings)
        : base(rig)
    {
        var recovery = new NodeRecovery(KeyHash.SeedFrom(settings.SharedKey));
        recovery.Complete(null, 0, 0, 0);
        _core = new NodeCore(settings, recovery, this);
    }

    public override IStateMachine Core => _core;

    public JournalFileStatus JournalFileStatus => new("journal", "-rw-------", _writtenLsn, "", false);

    protected override bool IsGated => true;

    public long WriteJournal(long lsn, ReadOnlySpan<byte> bytes) => _writtenLsn = lsn + bytes.Length;

    public long JournalRoomBytes => long.MaxValue;

    public long ReserveJournal(long bytes) => JournalRoomBytes;

    public void SyncJournal() => _isSyncing = true;

    public void ReadJournal(object reader, long lsn, int maxBytes) => throw new InvalidOperationException("there are no replicas here");

    public void TruncateJournal(long lsn) => throw new InvalidOperationException("there are no replicas here");

    public void LoadSettings() => throw new InvalidOperationException("no benchmark reloads settings");

    protected override bool Complete()
    {
        if (!_isSyncing)
            return false;
        _isSyncing = false;
        _core.JournalSynced(_writtenLsn);
        return false;
    }
}
