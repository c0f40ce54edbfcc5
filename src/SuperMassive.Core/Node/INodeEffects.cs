namespace SuperMassive.Core.Node;

/// <summary>What a node asks of the world beyond channels: its journal file and its configuration file.</summary>
/// <remarks>Completions are methods of <see cref="NodeCore"/>: JournalWritten, JournalSynced, JournalFailed,
/// JournalFull, JournalRead, SettingsLoaded.</remarks>
public interface INodeEffects : IEffects
{
    /// <summary>
    /// Writes <paramref name="bytes"/> at <paramref name="lsn"/>, directly after what was written before.
    /// </summary>
    /// <returns>
    /// The LSN up to which the journal is written now: the end of these bytes, or less when they are written behind
    /// (JournalWritten follows), or −1 when the write failed. Why was reported before this returned: to JournalFull when the disk has
    /// no room and the file is as it was before, so that the same bytes may be written later; else to JournalFailed.
    /// </returns>
    long WriteJournal(long lsn, ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Bytes that can be written now without the disk being able to refuse them for want of space. What is written behind counts as
    /// written.
    /// </summary>
    long JournalRoomBytes { get; }

    /// <summary>Sees to it, if the disk allows, that there is room for <paramref name="bytes"/>.</summary>
    /// <returns>The room there is now.</returns>
    long ReserveJournal(long bytes);

    /// <summary>Starts an fsync of all that is written; JournalSynced or JournalFailed follows. One at a time.</summary>
    void SyncJournal();

    /// <summary>Reads written journal bytes; JournalRead follows with at most <paramref name="maxBytes"/> of them.</summary>
    void ReadJournal(object reader, long lsn, int maxBytes);

    /// <summary>Cuts the journal off at <paramref name="lsn"/> (a replica that diverged). Done on return.</summary>
    void TruncateJournal(long lsn);

    /// <summary>Reads and validates the configuration file; SettingsLoaded follows.</summary>
    void LoadSettings();

    /// <summary>Figures of the journal file that only the shell knows.</summary>
    JournalFileStatus JournalFileStatus { get; }
}

/// <param name="Name">File name without its folder.</param>
/// <param name="Mode">Permissions as <c>ls</c> prints them.</param>
/// <param name="SizeBytes">Length of the file.</param>
/// <param name="ModifiedTime">RFC 3339.</param>
public readonly record struct JournalFileStatus(string Name, string Mode, long SizeBytes, string ModifiedTime, bool IsClosed);
