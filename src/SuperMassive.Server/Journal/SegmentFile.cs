using Microsoft.Win32.SafeHandles;
using SuperMassive.Core.Journal;

namespace SuperMassive.Server.Journal;

/// <summary>
/// One file of the journal. Its bytes stand where they would if the segment's first page were its first byte: of a segment whose
/// beginning was never received, the beginning is a hole.
/// </summary>
internal sealed class SegmentFile : IDisposable
{
    private readonly FileStream _file;
    private readonly SafeFileHandle _handle;
    private readonly JournalRoom _room;
    private long _length;

    private SegmentFile(FileStream file, long firstPage, long pages)
    {
        _file = file;
        _handle = file.SafeFileHandle;
        _length = file.Length;
        _room = new JournalRoom(_handle, file.Name, _length, Page.StartOf(pages));
        FirstPage = firstPage;
        StartLsn = Page.StartOf(firstPage);
        EndLsn = Page.StartOf(firstPage + pages);
    }

    public string FullPath => _file.Name;

    public SafeFileHandle Handle => _handle;

    /// <inheritdoc cref="SegmentHeads.RefuseForeign"/>
    public JournalId? ReadId(bool isKnown) => SegmentHeads.RefuseForeign(FullPath, _file, FirstPage, isKnown);

    public long FirstPage { get; }

    /// <summary>The LSN of the file's first byte.</summary>
    public long StartLsn { get; }

    /// <summary>Where the next segment begins.</summary>
    public long EndLsn { get; }

    /// <summary>The LSN behind the file's last byte.</summary>
    public long WrittenLsn => StartLsn + Volatile.Read(ref _length);

    /// <exception cref="JournalFileException">It cannot be opened, or is longer than a segment.</exception>
    public static SegmentFile Open(string directory, long firstPage, long pages)
    {
        var path = Path.Combine(directory, JournalNames.OfSegment(firstPage));
        var file = OwnedFile.Open(path);
        if (file.Length <= Page.StartOf(pages))
            return new SegmentFile(file, firstPage, pages);
        var length = file.Length;
        file.Dispose();
        throw new JournalFileException(
            $"segment {path} has {length} bytes, more than the {Page.StartOf(pages)} of a segment. It was left as it is: "
            + "restore it from a backup or a replica.");
    }

    /// <summary>Writes within the segment.</summary>
    public void Write(long lsn, ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_handle, bytes, lsn - StartLsn);
        if (lsn + bytes.Length > WrittenLsn)
            Volatile.Write(ref _length, lsn + bytes.Length - StartLsn);
    }

    /// <summary>
    /// Bytes that can be written from <paramref name="lsn"/> on without the disk being able to refuse them for want of space.
    /// </summary>
    public long RoomBeyond(long lsn) => Math.Min(_room.BytesBeyond(lsn - StartLsn), EndLsn - lsn);

    /// <summary>Sees to it, if the disk allows, that there is room for <paramref name="bytes"/>, or up to the segment's end.</summary>
    public long Reserve(long lsn, long bytes)
    {
        _room.Reserve(lsn - StartLsn, Math.Min(bytes, EndLsn - lsn));
        return RoomBeyond(lsn);
    }

    /// <returns>Bytes read; less than asked only at the end of the file.</returns>
    public int Read(long lsn, Span<byte> to)
    {
        var done = 0;
        while (done < to.Length)
        {
            var count = RandomAccess.Read(_handle, to[done..], lsn - StartLsn + done);
            if (count == 0)
                break;
            done += count;
        }
        return done;
    }

    public void Truncate(long lsn)
    {
        RandomAccess.SetLength(_handle, lsn - StartLsn);
        Volatile.Write(ref _length, lsn - StartLsn);
        _room.Released(lsn - StartLsn);
    }

    public void Sync() => Durability.SyncFile(_handle);

    public void Delete()
    {
        Dispose();
        File.Delete(FullPath);
    }

    public void Dispose() => _file.Dispose();
}
