using SuperMassive.Core;
using SuperMassive.Core.Node;
using SuperMassive.Core.Storage;

namespace SuperMassive.Benchmarks;

/// <summary>A primary's core; its files are written nowhere: the journal at once, everything else one batch later.</summary>
internal sealed class RigNode : RigProcess, INodeEffects
{
    private readonly NodeCore _core;
    private long _writtenLsn;
    private bool _isSyncing;
    private int _checkpointWrites;
    private long _checkpointBytes;
    private long _installingLsn = -1;

    public RigNode(Rig rig, NodeSettings settings)
        : base(rig)
    {
        var recovery = new NodeRecovery(KeyHash.SeedFrom(settings.SharedKey));
        recovery.Complete(null, 0, 0, 0);
        _core = new NodeCore(settings, recovery, this);
    }

    public override IStateMachine Core => _core;

    public long FirstJournalLsn { get; private set; }

    public JournalFileStatus JournalFileStatus => new("journal", "-rw-------", _writtenLsn - FirstJournalLsn, "", false);

    protected override bool IsGated => true;

    public long WriteJournal(long lsn, ReadOnlySpan<byte> bytes) => _writtenLsn = lsn + bytes.Length;

    public long JournalRoomBytes => long.MaxValue;

    public long ReserveJournal(long bytes) => JournalRoomBytes;

    public void SyncJournal(long wholeLsn) => _isSyncing = true;

    public void ReadJournal(object reader, long lsn, int maxBytes) => throw NoReplicas();

    public void TruncateJournal(long lsn) => throw NoReplicas();

    public void DropJournalBefore(long lsn) => FirstJournalLsn = lsn;

    public void WriteCheckpoint(ReadOnlySpan<byte> bytes)
    {
        _checkpointWrites++;
        _checkpointBytes += bytes.Length;
    }

    public void InstallCheckpoint(long lsn)
    {
        _installingLsn = lsn;
        _checkpointBytes = 0;
    }

    public void AbandonCheckpoint() => _checkpointBytes = 0;

    public void ReadCheckpoint(object reader, long offset, int maxBytes) => throw NoReplicas();

    public void ResetJournal(long startLsn) => throw NoReplicas();

    public void LoadSettings() => throw new InvalidOperationException("no benchmark reloads settings");

    protected override bool Complete()
    {
        var any = _isSyncing || _checkpointWrites > 0 || _installingLsn >= 0;
        if (_isSyncing)
        {
            _isSyncing = false;
            _core.JournalSynced(_writtenLsn);
        }
        for (; _checkpointWrites > 0; _checkpointWrites--)
            _core.CheckpointWritten(_checkpointBytes);
        if (_installingLsn >= 0)
        {
            _core.CheckpointInstalled(_installingLsn);
            _installingLsn = -1;
        }
        return any;
    }

    private static InvalidOperationException NoReplicas() => new("there are no replicas here");
}
