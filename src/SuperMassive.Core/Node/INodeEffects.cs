namespace SuperMassive.Core.Node;

/// <summary>What a node asks of the world beyond channels: its journal file and its configuration file.</summary>
/// <remarks>
/// Completions are methods of <see cref="NodeCore"/>: JournalWritten, JournalSynced, JournalFailed, JournalFull, JournalRead,
/// SettingsLoaded, CheckpointWritten, CheckpointInstalled, CheckpointFailed, CheckpointRead.
/// </remarks>
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
    /// <param name="wholeLsn">
    /// End of the last whole record: once synced, the mark beside the journal claims no more than this as synced, since what a replica
    /// has received of a record beyond it cannot be verified.
    /// </param>
    void SyncJournal(long wholeLsn);

    /// <summary>
    /// Reads written journal bytes; JournalRead follows with at most <paramref name="maxBytes"/> of them, none when they are no
    /// longer held (<see cref="FirstJournalLsn"/>).
    /// </summary>
    void ReadJournal(object reader, long lsn, int maxBytes);

    /// <summary>
    /// Cuts the journal off at <paramref name="lsn"/> (a replica that diverged). Done durably on return; the mark, before it, claims
    /// no more than what is left, and an fsync under way moves it no more. Never below what an
    /// installed checkpoint reaches (<see cref="NodeCore.CheckpointEndLsn"/>).
    /// </summary>
    void TruncateJournal(long lsn);

    /// <summary>The first LSN that the journal still holds.</summary>
    long FirstJournalLsn { get; }

    /// <summary>Deletes the segments that end at or before <paramref name="lsn"/>.</summary>
    void DropJournalBefore(long lsn);

    /// <summary>
    /// Appends to the checkpoint that is being written, on the journal's thread: a new file unless one is under way.
    /// CheckpointWritten or CheckpointFailed follows, once for every call, also after <see cref="AbandonCheckpoint"/>.
    /// </summary>
    void WriteCheckpoint(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Makes what was written the newest checkpoint: fsync, rename, directory fsync, then the older ones are removed.
    /// CheckpointInstalled or CheckpointFailed follows.
    /// </summary>
    /// <param name="lsn">The LSN of its header, which names the file.</param>
    void InstallCheckpoint(long lsn);

    /// <summary>Removes what was written of a checkpoint; the next <see cref="WriteCheckpoint"/> begins another.</summary>
    void AbandonCheckpoint();

    /// <summary>
    /// Reads the newest installed checkpoint from <paramref name="offset"/> on; CheckpointRead follows with at most
    /// <paramref name="maxBytes"/> of it. Another one may have been installed since the last read: its LSN says so.
    /// </summary>
    void ReadCheckpoint(object reader, long offset, int maxBytes);

    /// <summary>
    /// A replica starts over from somebody's checkpoint: removes all segments and checkpoints, durably; the journal now begins,
    /// empty, at <paramref name="startLsn"/>, a page's first byte. Done on return; a checkpoint under way is abandoned.
    /// </summary>
    void ResetJournal(long startLsn);

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
