using SuperMassive.Core.Journal;

namespace SuperMassive.Core.Node;

/// <summary>
/// What the files of a node amount to: fed with the newest checkpoint, then with the journal from there on, before the node starts;
/// then handed to <see cref="NodeCore"/>.
/// </summary>
public sealed class NodeRecovery(long hashSeed, long segmentPages = Page.SegmentPages)
{
    private CheckpointReader? _checkpoint;

    public NodeData Data { get; } = new(hashSeed);

    /// <summary>Pages of a segment of this journal.</summary>
    public long SegmentPages { get; } = segmentPages;

    /// <summary>The checkpoint that was loaded; null when there is none.</summary>
    public CheckpointHeader? Checkpoint { get; private set; }

    /// <summary>How far the journal must reach: nothing in the checkpoint is younger.</summary>
    public long CheckpointEndLsn { get; private set; }

    /// <summary>Length of the checkpoint's file.</summary>
    public long CheckpointBytes { get; private set; }

    /// <summary>Where the journal is to be read from.</summary>
    public long StartLsn => Checkpoint?.Lsn ?? 0;

    /// <summary>The journal's identity; null when there is no journal yet.</summary>
    public JournalId? JournalId { get; private set; }

    /// <summary>Number of the last epoch whose pages were found.</summary>
    public uint Epoch { get; private set; }

    /// <summary>Where the journal ends, its torn tail already cut off.</summary>
    public long EndLsn { get; private set; }

    /// <summary>
    /// Where its last record ends. Behind it may be padding: an epoch was begun, and its record lost in a power cut. Whoever followed
    /// before has something else there.
    /// </summary>
    public long RecordsEndLsn { get; private set; }

    /// <summary>Bytes of the journal's records, without headers and padding.</summary>
    public long DataBytes { get; private set; }

    /// <summary>Records read, from checkpoint and journal.</summary>
    public long Records { get; private set; }

    /// <summary>
    /// Whether a replica was killed while it started over from its primary's checkpoint: what it has amounts to nothing, and it is to
    /// begin with an empty journal at 0.
    /// </summary>
    /// <param name="firstLsn">The first LSN that the journal holds.</param>
    public bool IsUnfinishedSync(long firstLsn) => Checkpoint is null && firstLsn > 0;

    /// <summary>Begins with a checkpoint, from its first byte. What one before it left behind is forgotten.</summary>
    /// <param name="expectedId">The journal that it must belong to; null for any.</param>
    public void BeginCheckpoint(JournalId? expectedId = null)
    {
        Forget();
        _checkpoint = new CheckpointReader(expectedId);
    }

    /// <returns>False when it is damaged and the rest need not be read.</returns>
    public bool FeedCheckpoint(ReadOnlySpan<byte> bytes) => _checkpoint!.Feed(bytes, Apply);

    /// <summary>The checkpoint's file has ended.</summary>
    /// <param name="problem">What is wrong with it; empty when nothing is.</param>
    /// <returns>False when it is not whole: then nothing of it counts, and an older one may be tried.</returns>
    public bool EndCheckpoint(out string problem)
    {
        var reader = _checkpoint!;
        _checkpoint = null;
        problem = reader.Damage?.ToString() ?? (reader.IsComplete ? "" : $"it ends unfinished after {reader.FedBytes} bytes");
        if (problem.Length > 0)
        {
            Forget();
            return false;
        }
        Checkpoint = reader.Header!;
        CheckpointEndLsn = reader.Trailer!.Value.EndLsn;
        CheckpointBytes = reader.FedBytes;
        Data.Restore(Checkpoint);
        return true;
    }

    /// <summary>Reads the journal from <see cref="StartLsn"/> on: feed it with the bytes from there, and <see cref="Apply"/>.</summary>
    /// <param name="firstLsn">The first LSN that the journal holds.</param>
    /// <param name="endLsn">End of the journal's last file.</param>
    /// <param name="syncedLsn">What the mark says; 0 when there is none.</param>
    /// <param name="mayHaveHoles">See <see cref="JournalScan"/>.</param>
    public JournalScan BeginScan(long firstLsn, long endLsn, long syncedLsn, bool mayHaveHoles)
    {
        var reader = Checkpoint is { } header
            ? JournalReader.Resume(header.JournalId, header.Epoch, header.Lsn, header.DataBytes, SegmentPages)
            : new JournalReader(null, 0, SegmentPages);
        if (firstLsn > StartLsn || endLsn < StartLsn)
            reader.MarkMissing();
        RecordsEndLsn = StartLsn; // a checkpoint's records count by themselves
        return new JournalScan(reader, Math.Max(syncedLsn, CheckpointEndLsn), mayHaveHoles);
    }

    public void Apply(in Record record, long endLsn)
    {
        Data.Apply(record);
        Records++;
        RecordsEndLsn = endLsn;
    }

    public void Complete(JournalId? journalId, uint epoch, long endLsn, long dataBytes)
    {
        JournalId = journalId;
        Epoch = epoch;
        EndLsn = endLsn;
        DataBytes = dataBytes;
    }

    private void Forget()
    {
        Data.Clear();
        Checkpoint = null;
        CheckpointEndLsn = CheckpointBytes = Records = 0;
    }
}
