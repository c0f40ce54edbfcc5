using System.Collections.Immutable;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;

namespace SuperMassive.Server.Journal;

/// <summary>The journal on disk: the byte stream of pages, LSN by LSN, over the segments of a process's directory.</summary>
/// <remarks>
/// <para>
/// One thread writes, truncates and resets; syncing, reading, dropping and making room may run on others at the same time. The
/// directory is locked for as long as this is open.
/// </para>
/// <para>After a failed fsync the kernel may have dropped what it could not write, so nothing is written or synced any more.</para>
/// </remarks>
public sealed class JournalFiles : IDisposable
{
    private readonly MarkFile _markFile;
    private readonly SegmentList _segments;
    private readonly UInt128 _bootId;
    private readonly JournalHealth _health = new();
    private readonly object _changing = new();
    private long _firstLsn;
    private long _endLsn;
    private long _syncedLsn;
    private long _markedLsn;
    private JournalId _id;
    private int _cuts;
    private bool _isRecovered;
    private volatile bool _isClosed;

    /// <param name="segments">Ascending, without a gap.</param>
    /// <param name="dropped">Of no use any more: deleted once recovery has succeeded.</param>
    internal JournalFiles(
        string directory, MarkFile markFile, ImmutableArray<SegmentFile> segments, ImmutableArray<SegmentFile> dropped,
        JournalId id, long segmentPages, UInt128 bootId)
    {
        Directory = directory;
        _markFile = markFile;
        _segments = new SegmentList(directory, segmentPages, segments, dropped);
        _id = id;
        SegmentPages = segmentPages;
        _bootId = bootId;
        OpenedMark = markFile.Content;
        _firstLsn = Math.Max(segments.IsEmpty ? 0 : segments[0].StartLsn, OpenedMark?.StartLsn ?? 0);
        _endLsn = _firstLsn;
        foreach (var segment in segments)
        {
            if (segment.WrittenLsn > Math.Max(segment.StartLsn, _firstLsn))
                _endLsn = segment.WrittenLsn;
        }
    }

    public string Directory { get; }

    /// <summary>What the mark said when the directory was opened, or emptied since; null when there was none, or none intact.</summary>
    public JournalMark? OpenedMark { get; private set; }

    /// <summary>Whether what was written before is still in the memory of the system, if it is not on the disk.</summary>
    public bool IsSameBoot => OpenedMark is not { } mark || (mark.BootId == _bootId && _bootId != 0);

    /// <summary>The first LSN that is held.</summary>
    public long FirstLsn => Volatile.Read(ref _firstLsn);

    /// <summary>The LSN at which the next write goes.</summary>
    public long EndLsn => Volatile.Read(ref _endLsn);

    /// <summary>Everything up to here is on the disk.</summary>
    public long SyncedLsn => Volatile.Read(ref _syncedLsn);

    /// <summary>The journal's id as its segments and its mark say; null while nothing says it.</summary>
    public JournalId? Id => _id == default ? null : _id;

    public long SegmentPages { get; }

    /// <summary>How often it was synced since it was opened.</summary>
    internal long SyncCount { get; private set; }

    /// <summary>Bytes that can be written without the disk being able to refuse them for want of space.</summary>
    public long RoomBytes => _segments.RoomBeyond(EndLsn);

    /// <summary>Figures for STAT; also after it was closed.</summary>
    public JournalFileStatus Status =>
        JournalStatus.Of(Directory, _segments.Find(Math.Max(FirstLsn, EndLsn - 1))?.FullPath, EndLsn - FirstLsn, _isClosed);

    /// <summary>Opens the journal of a directory, or creates both. Adopts the journal of an earlier build.</summary>
    /// <exception cref="JournalFileException">
    /// It cannot be used; it is left as it is. The message names the file and what to do.
    /// </exception>
    public static JournalFiles Open(string directory, long segmentPages = Page.SegmentPages) =>
        JournalOpening.Open(directory, segmentPages, BootId.Current);

    /// <summary>Writes all of <paramref name="bytes"/> at the end of the journal.</summary>
    /// <param name="lsn">Must be <see cref="EndLsn"/>: what was written is never changed, and no gap is left.</param>
    /// <exception cref="JournalFileException">
    /// The journal is cut off again where it was; <see cref="JournalFileException.IsDiskFull"/> tells a full disk.
    /// </exception>
    public void Write(long lsn, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(lsn, EndLsn);
        _health.ThrowIfBroken();
        try
        {
            _segments.Write(lsn, bytes);
        }
        catch (IOException failure)
        {
            CutOff(lsn);
            throw new JournalFileException(
                $"cannot write {bytes.Length} bytes to the journal in {Directory} at LSN {lsn}: {failure.Message}. "
                    + "Check the disk and its space.",
                failure,
                failure is JournalFileException { IsDiskFull: true } || DiskFull.IsCauseOf(failure));
        }
        Volatile.Write(ref _endLsn, lsn + bytes.Length);
    }

    /// <summary>
    /// Sees to it, if the disk allows, that there is room for <paramref name="bytes"/>: in the segment that is written, and where that
    /// ends, in the next one, which is created for it.
    /// </summary>
    /// <returns>The room there is now.</returns>
    public long Reserve(long bytes)
    {
        try
        {
            _segments.Reserve(EndLsn, bytes);
        }
        catch (JournalFileException)
        {
            // no room for another file either, which is what the answer says
        }
        return RoomBytes;
    }

    /// <summary>Returns when all that was written before is on the disk. Blocks for as long as the disk takes.</summary>
    /// <param name="wholeLsn">End of the last whole record: the mark claims no more than what can be verified.</param>
    /// <returns>The LSN up to which it is.</returns>
    /// <exception cref="JournalFileException">Once it failed, every later call fails too.</exception>
    public long Sync(long wholeLsn = long.MaxValue)
    {
        _health.ThrowIfBroken();
        SyncCount++;
        var (cuts, lsn, from) = (Volatile.Read(ref _cuts), EndLsn, SyncedLsn);
        try
        {
            _segments.Sync(from, lsn);
            lock (_changing)
            {
                // it was cut off meanwhile, and what stands there now is not what was synced
                if (cuts != _cuts)
                    return SyncedLsn;
                Volatile.Write(ref _syncedLsn, lsn);
                _markedLsn = Math.Max(_markedLsn, Math.Min(lsn, wholeLsn));
                _markFile.Write(MarkAt(_markedLsn));
            }
        }
        catch (IOException failure)
        {
            throw new JournalFileException(_health.Break($"fsync of the journal in {Directory} failed: {failure.Message}"), failure);
        }
        return lsn;
    }

    /// <returns>Bytes read: less than asked only at the end of the journal; none of what is no longer, or was never, held.</returns>
    /// <remarks>What is missing of a segment before the last reads as zeros.</remarks>
    public int Read(long lsn, Span<byte> to)
    {
        if (lsn < FirstLsn)
            return 0;
        return _segments.Read(lsn, to[..(int)Math.Clamp(EndLsn - lsn, 0, to.Length)]);
    }

    /// <summary>Cuts off everything from <paramref name="lsn"/> on, durably. At 0 nothing is left, as after <see cref="Reset"/>.</summary>
    public void Truncate(long lsn)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lsn);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lsn, EndLsn);
        _health.ThrowIfBroken();
        if (lsn == 0 || lsn < FirstLsn)
        {
            Reset(lsn);
            return;
        }
        JournalHealth.Guard($"truncate the journal in {Directory} at LSN {lsn}", () =>
        {
            lock (_changing)
            {
                // the mark first: what it calls synced must never be missing
                _cuts++;
                Volatile.Write(ref _endLsn, lsn);
                Volatile.Write(ref _syncedLsn, Math.Min(SyncedLsn, lsn));
                _markedLsn = Math.Min(_markedLsn, lsn);
                _markFile.WriteDurably(MarkAt(_markedLsn));
                _segments.Truncate(lsn);
            }
        });
        Sync();
    }

    /// <summary>
    /// Gives up whole segments that end at or before <paramref name="lsn"/>; the last one always stays. They can be read no more, and
    /// <see cref="DeleteDropped"/> deletes them.
    /// </summary>
    public void DropBefore(long lsn)
    {
        lock (_changing)
        {
            if (_segments.DropBefore(Math.Min(lsn, EndLsn)))
                Volatile.Write(ref _firstLsn, _segments.Held[0].StartLsn);
        }
    }

    /// <summary>Deletes the files of what was dropped, oldest first. Blocks for as long as the disk takes.</summary>
    public void DeleteDropped() => JournalHealth.Guard($"delete segments of the journal in {Directory}", _segments.DeleteDropped);

    /// <summary>Removes everything, durably; the journal begins, empty and without an id, at <paramref name="startLsn"/>.</summary>
    /// <param name="startLsn">A page's first byte.</param>
    public void Reset(long startLsn)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Page.OffsetOf(startLsn), 0, nameof(startLsn));
        _health.ThrowIfBroken();
        JournalHealth.Guard($"empty the journal in {Directory}", () =>
        {
            lock (_changing)
            {
                _id = default;
                _cuts++;
                Volatile.Write(ref _firstLsn, startLsn);
                Volatile.Write(ref _endLsn, startLsn);
                Volatile.Write(ref _syncedLsn, startLsn);
                _markedLsn = startLsn;
                // as long as the mark says so, the next start goes on with it
                _markFile.WriteDurably(MarkAt(startLsn) with { State = JournalMarkState.Emptying });
                _segments.DeleteAll();
                CheckpointFile.DeleteAll(Directory);
                _markFile.WriteDurably(MarkAt(startLsn));
                OpenedMark = _markFile.Content;
            }
        });
    }

    /// <summary>Overwrites damaged bytes with what they were, durably.</summary>
    /// <param name="lsn">Within the journal, or at its end where that is missing.</param>
    internal void Repair(long lsn, ReadOnlySpan<byte> bytes)
    {
        SegmentRewriting.Repair(_segments, lsn, bytes);
        Volatile.Write(ref _endLsn, Math.Max(EndLsn, lsn + bytes.Length));
    }

    /// <summary>The journal is what it should be, from here on: makes it durable, and the mark say so.</summary>
    /// <param name="id">What recovery found it to be; null when it is empty.</param>
    internal void Recovered(JournalId? id)
    {
        _id = id ?? _id;
        _isRecovered = true;
        var held = _segments.Held;
        var confirmedLsn = OpenedMark?.SyncedLsn ?? (held.IsEmpty ? 0 : held[^1].StartLsn);
        JournalHealth.Guard($"write the end of the journal in {Directory} again",
            () => SegmentRewriting.WriteAgain(_segments, Math.Max(FirstLsn, confirmedLsn), EndLsn));
        Sync();
        _markFile.WriteDurably(MarkAt(_markedLsn));
        File.Delete(Path.Combine(Directory, JournalNames.CheckpointTemporary));
        DeleteDropped();
    }

    /// <summary>Moves everything into <see cref="JournalNames.Damaged"/>, durably; the journal begins anew at 0.</summary>
    internal void PutAside() => JournalHealth.Guard($"put aside the damaged journal in {Directory}", () =>
    {
        lock (_changing)
        {
            _segments.Abandon();
            _id = default;
            _firstLsn = _endLsn = _syncedLsn = _markedLsn = 0;
            _markFile.WriteDurably(MarkAt(0) with { State = JournalMarkState.PuttingAside });
            DamagedJournal.Move(Directory);
            _markFile.WriteDurably(MarkAt(0));
            OpenedMark = _markFile.Content;
        }
    });

    public void Dispose()
    {
        if (_isClosed)
            return;
        if (!_health.IsBroken && _isRecovered)
            _markFile.WriteDurably(MarkAt(_markedLsn));
        _isClosed = true;
        _segments.Dispose();
        _markFile.Dispose();
    }

    /// <summary>Takes back what a failed write left. When even that fails, only recovery can tell what the files hold.</summary>
    private void CutOff(long lsn)
    {
        try
        {
            _segments.TakeBack(lsn);
        }
        catch (IOException failure)
        {
            _health.Break($"a failed write to the journal in {Directory} could not be cut off at LSN {lsn}: {failure.Message}");
        }
    }

    private JournalMark MarkAt(long syncedLsn)
    {
        if (_id == default)
            _id = SegmentHeads.IdOf(_segments.Held) ?? default;
        return new JournalMark(_id, syncedLsn, _firstLsn, _bootId, TailChecksum.Of(this, syncedLsn), JournalMarkState.Normal);
    }
}
