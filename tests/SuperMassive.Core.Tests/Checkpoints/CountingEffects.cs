using SuperMassive.Core.Node;

namespace SuperMassive.Core.Tests.Checkpoints;

/// <summary>A disk that does everything at once, keeps nothing and allocates nothing.</summary>
internal sealed class CountingEffects : INodeEffects
{
    private long _journalLsn;
    private int _unanswered;

    public NodeCore? Node { get; set; }

    public long CheckpointBytes { get; private set; }

    /// <summary>The LSN to install, once it was asked for.</summary>
    public long? InstallLsn { get; private set; }

    public long FirstJournalLsn { get; private set; }

    public JournalFileStatus JournalFileStatus => default;

    public Channel Connect(PeerAddress peer) => throw new InvalidOperationException("nobody to connect to");

    public void FillRandom(Span<byte> bytes) => bytes.Fill(7);

    public void Report(CoreEvent what, string subject, string detail)
    {
    }

    public long WriteJournal(long lsn, ReadOnlySpan<byte> bytes) => _journalLsn = lsn + bytes.Length;

    public long JournalRoomBytes => long.MaxValue;

    public long ReserveJournal(long bytes) => JournalRoomBytes;

    public void SyncJournal(long wholeLsn) => Node!.JournalSynced(_journalLsn);

    public void ReadJournal(object reader, long lsn, int maxBytes) => throw new InvalidOperationException("nothing is kept");

    public void TruncateJournal(long lsn) => throw new InvalidOperationException("nothing is kept");

    public void DropJournalBefore(long lsn) => FirstJournalLsn = lsn;

    public void WriteCheckpoint(ReadOnlySpan<byte> bytes)
    {
        CheckpointBytes += bytes.Length;
        _unanswered++;
    }

    public void InstallCheckpoint(long lsn) => InstallLsn = lsn;

    public void AbandonCheckpoint() => CheckpointBytes = 0;

    public void ReadCheckpoint(object reader, long offset, int maxBytes) => throw new InvalidOperationException("nothing is kept");

    public void ResetJournal(long startLsn) => throw new InvalidOperationException("nothing is kept");

    public void LoadSettings() => throw new InvalidOperationException("there is no file");

    /// <summary>What was asked of the disk is done.</summary>
    public void Answer()
    {
        for (; _unanswered > 0; _unanswered--)
            Node!.CheckpointWritten(CheckpointBytes);
    }
}
