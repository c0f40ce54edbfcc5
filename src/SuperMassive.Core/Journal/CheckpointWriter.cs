using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Journal;

/// <summary>
/// Makes the bytes of a checkpoint: its header, entries of the table in the order of a walk, its trailer. The shell appends
/// <see cref="Unwritten"/> to a file, and the core says so by <see cref="MarkWritten"/>.
/// </summary>
public sealed class CheckpointWriter
{
    private readonly JournalWriter _pages;

    public CheckpointWriter(CheckpointHeader header)
    {
        Header = header;
        _pages = new JournalWriter(header.StreamId, segmentPages: long.MaxValue) { IsCheckpoint = true };
        _pages.Append(new Record(RecordKind.Checkpoint, Version.None, default, header.Encode()));
    }

    public CheckpointHeader Header { get; }

    /// <summary>Bytes of the file so far, written or not.</summary>
    public long TotalBytes => _pages.EndLsn;

    /// <summary>Entries appended.</summary>
    public long Records { get; private set; }

    /// <summary>What follows in the file. Valid until the next append.</summary>
    public ReadOnlySpan<byte> Unwritten => _pages.Unwritten;

    public void Append(in Entry entry)
    {
        _pages.Append(new Record(entry.IsTombstone ? RecordKind.Tombstone : RecordKind.Put, entry.Version, entry.Key, entry.Value));
        Records++;
    }

    /// <summary>Ends the checkpoint.</summary>
    /// <param name="endLsn">Where the journal ends now that the walk has ended.</param>
    public void Complete(long endLsn)
    {
        Span<byte> value = stackalloc byte[CheckpointTrailer.Bytes];
        new CheckpointTrailer(endLsn, Records).Write(value);
        _pages.Append(new Record(RecordKind.Checkpoint, Version.None, default, value));
    }

    /// <summary><see cref="Unwritten"/> was handed over.</summary>
    public void MarkWritten() => _pages.MarkWritten(_pages.EndLsn);
}
