using System.Collections.Immutable;
using SuperMassive.Core.Journal;

namespace SuperMassive.Server.Journal;

/// <summary>The segments of a journal, ascending and without a gap, as one stretch of bytes by LSN.</summary>
/// <remarks>
/// One thread writes and cuts; syncing, reading, dropping and reserving may run on others at the same time: they see the list as it was
/// at some moment, and a segment that was dropped meanwhile counts as gone.
/// </remarks>
/// <param name="held">What is part of the journal.</param>
/// <param name="dropped">Of no use any more: deleted by <see cref="DeleteDropped"/>.</param>
internal sealed class SegmentList(
    string directory, long segmentPages, ImmutableArray<SegmentFile> held, ImmutableArray<SegmentFile> dropped) : IDisposable
{
    private readonly object _changing = new();
    private ImmutableArray<SegmentFile> _held = held;
    private ImmutableArray<SegmentFile> _dropped = dropped;

    // nobody knows whether the process before has synced the names of what it created
    private bool _hasNewName = true;
    private volatile bool _isClosed;

    public ImmutableArray<SegmentFile> Held => _held;

    private long SegmentBytes => Page.StartOf(segmentPages);

    public SegmentFile? Find(long lsn)
    {
        var segments = _held;
        if (segments.IsEmpty)
            return null;
        var index = (lsn - segments[0].StartLsn) / SegmentBytes;
        return lsn >= segments[0].StartLsn && index < segments.Length ? segments[(int)index] : null;
    }

    /// <summary>The same, created where the journal goes on in a new one.</summary>
    public SegmentFile ToWrite(long lsn)
    {
        if (Find(lsn) is { } segment)
            return segment;
        lock (_changing)
        {
            var created = SegmentFile.Open(directory, Page.NumberOf(lsn) / segmentPages * segmentPages, segmentPages);
            _hasNewName = true;
            _held = _held.Add(created);
            return created;
        }
    }

    public void Write(long lsn, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var segment = ToWrite(lsn);
            var count = (int)Math.Min(bytes.Length, segment.EndLsn - lsn);
            segment.Write(lsn, bytes[..count]);
            bytes = bytes[count..];
            lsn += count;
        }
    }

    /// <returns>Bytes read: less than asked where the next segment is missing; none of what was dropped meanwhile.</returns>
    /// <remarks>What is missing of a segment before the last reads as zeros.</remarks>
    public int Read(long lsn, Span<byte> to)
    {
        var done = 0;
        while (done < to.Length && Find(lsn + done) is { } segment)
        {
            var part = to.Slice(done, (int)Math.Min(to.Length - done, segment.EndLsn - lsn - done));
            try
            {
                var count = segment.Read(lsn + done, part);
                part[count..].Clear();
            }
            catch (ObjectDisposedException) when (!_isClosed)
            {
                return 0; // dropped meanwhile
            }
            done += part.Length;
        }
        return done;
    }

    /// <summary>Bytes that can be written from <paramref name="lsn"/> on without the disk being able to refuse them.</summary>
    public long RoomBeyond(long lsn)
    {
        var at = lsn;
        while (Find(at) is { } segment)
        {
            at += segment.RoomBeyond(at);
            if (at < segment.EndLsn)
                break;
        }
        return at - lsn;
    }

    /// <summary>
    /// Sees to it, as far as the disk allows, that there is room for <paramref name="bytes"/> from <paramref name="lsn"/> on.
    /// </summary>
    /// <exception cref="JournalFileException">Another segment is needed and cannot be created.</exception>
    public void Reserve(long lsn, long bytes)
    {
        var wanted = lsn + bytes;
        for (var at = lsn; at < wanted;)
        {
            var segment = ToWrite(at);
            at += segment.Reserve(at, wanted - at);
            if (at < Math.Min(wanted, segment.EndLsn))
                break;
        }
    }

    /// <summary>Returns when what was written of this stretch, and the names of all files, are on the disk.</summary>
    public void Sync(long fromLsn, long toLsn)
    {
        SyncNames();
        foreach (var segment in _held)
        {
            // also the one that the last sync ended in: it was synced then, but not what came since
            if (segment.EndLsn >= fromLsn && segment.StartLsn < toLsn)
                SyncUnlessDropped(segment);
        }
    }

    /// <summary>
    /// Cuts off everything from <paramref name="lsn"/> on; the files that are left empty by it are deleted, but for the first.
    /// </summary>
    public void Truncate(long lsn)
    {
        while (_held.Length > 1 && _held[^1].StartLsn >= lsn)
            DeleteLast();
        if (!_held.IsEmpty && _held[^1].WrittenLsn > lsn)
            _held[^1].Truncate(lsn);
    }

    /// <summary>Takes back what a failed write left behind <paramref name="lsn"/>; no file is deleted.</summary>
    public void TakeBack(long lsn)
    {
        lock (_changing)
        {
            for (var i = _held.Length - 1; i > 0 && _held[i].StartLsn >= lsn; i--)
                _held[i].Truncate(_held[i].StartLsn);
            if (Find(lsn) is { } segment && segment.WrittenLsn > lsn)
                segment.Truncate(lsn);
        }
    }

    /// <summary>Gives up segments that end at or before <paramref name="lsn"/>; the last one always stays.</summary>
    /// <returns>Whether there were any.</returns>
    public bool DropBefore(long lsn)
    {
        lock (_changing)
        {
            var count = 0;
            while (count < _held.Length - 1 && _held[count].EndLsn <= lsn)
                count++;
            _dropped = _dropped.AddRange(_held[..count]);
            _held = _held[count..];
            return count > 0;
        }
    }

    /// <summary>Deletes the files of what was dropped, oldest first and each durably.</summary>
    public void DeleteDropped()
    {
        while (TakeDropped() is { } segment)
        {
            segment.Delete();
            Durability.SyncDirectory(directory);
        }
    }

    /// <summary>Deletes what is held, the last first and each durably, so that a power cut leaves no gap.</summary>
    public void DeleteAll()
    {
        while (!_held.IsEmpty)
            DeleteLast();
    }

    /// <summary>Closes all files, dropped ones too, and leaves them where they are.</summary>
    public void Abandon()
    {
        lock (_changing)
        {
            foreach (var segment in _held.Concat(_dropped))
                segment.Dispose();
            (_held, _dropped) = ([], []);
        }
    }

    /// <summary>Closes all files; where they are can still be asked.</summary>
    public void Dispose()
    {
        _isClosed = true;
        foreach (var segment in _held.Concat(_dropped))
            segment.Dispose();
    }

    private void DeleteLast()
    {
        SegmentFile segment;
        lock (_changing)
        {
            segment = _held[^1];
            _held = _held.RemoveAt(_held.Length - 1);
        }
        segment.Delete();
        Durability.SyncDirectory(directory);
    }

    private SegmentFile? TakeDropped()
    {
        lock (_changing)
        {
            if (_dropped.IsEmpty)
                return null;
            var segment = _dropped[0];
            _dropped = _dropped.RemoveAt(0);
            return segment;
        }
    }

    /// <summary>Files created since the last sync are found again only after this.</summary>
    private void SyncNames()
    {
        lock (_changing)
        {
            if (!_hasNewName)
                return;
            _hasNewName = false;
        }
        Durability.SyncDirectory(directory);
    }

    private void SyncUnlessDropped(SegmentFile segment)
    {
        try
        {
            segment.Sync();
        }
        catch (ObjectDisposedException) when (!_held.Contains(segment))
        {
            // there is nothing of it left to sync
        }
    }
}
