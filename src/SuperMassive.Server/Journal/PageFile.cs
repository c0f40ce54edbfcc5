using Microsoft.Win32.SafeHandles;
using SuperMassive.Core.Node;

namespace SuperMassive.Server.Journal;

/// <summary>
/// The journal on disk: the byte stream of pages, LSN by LSN, in the file <c>.journal</c> of a process's directory.
/// </summary>
/// <remarks>
/// <para>
/// One thread writes and truncates; syncing and reading may run on others at the same time. The file is created with mode 0600
/// (on Windows it takes the access list of its folder) and locked for as long as it is open, so that no second process writes it.
/// </para>
/// <para>After a failed fsync the kernel may have dropped what it could not write, so nothing is written or synced any more.</para>
/// </remarks>
public sealed class PageFile : IDisposable
{
    public const string FileName = ".journal";

    private readonly FileStream _file;
    private readonly SafeFileHandle _handle;
    private readonly JournalRoom _room;
    private long _length;
    private volatile string? _broken;
    private volatile bool _isClosed;

    internal PageFile(FileStream file)
    {
        _file = file;
        _handle = file.SafeFileHandle;
        _length = file.Length;
        _room = new JournalRoom(_handle, file.Name, _length);
    }

    public string FullPath => _file.Name;

    /// <summary>Bytes in the file; the LSN at which the next write goes.</summary>
    public long Length => Volatile.Read(ref _length);

    /// <summary>Bytes that can be written without the disk being able to refuse them for want of space.</summary>
    public long RoomBytes => _room.BytesBeyond(Length);

    /// <summary>Figures for STAT; also after the file was closed.</summary>
    public JournalFileStatus Status => PageFileStatus.Of(FullPath, Length, _isClosed);

    /// <summary>Opens the journal of a directory, or creates both.</summary>
    /// <exception cref="JournalFileException">It is in use, no file, not permitted or no journal; it is left as it is.</exception>
    public static PageFile Open(string directory) => PageFileOpening.Open(directory);

    /// <summary>Sees to it, if the disk allows, that there is room for <paramref name="bytes"/>.</summary>
    /// <returns>The room there is now.</returns>
    public long Reserve(long bytes) => _room.Reserve(Length, bytes);

    /// <summary>Writes all of <paramref name="bytes"/> at the end of the file.</summary>
    /// <param name="lsn">Must be <see cref="Length"/>: what was written is never changed, and no gap is left.</param>
    /// <exception cref="JournalFileException">
    /// The file is cut off again where it was; <see cref="JournalFileException.IsDiskFull"/> tells a full disk.
    /// </exception>
    public void Write(long lsn, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(lsn, Length);
        ThrowIfBroken();
        try
        {
            RandomAccess.Write(_handle, bytes, lsn);
        }
        catch (IOException failure)
        {
            CutOff(lsn);
            throw new JournalFileException(
                $"cannot write {bytes.Length} bytes to journal {FullPath} at LSN {lsn}: {failure.Message}. Check the disk and its space.",
                failure,
                DiskFull.IsCauseOf(failure));
        }
        Volatile.Write(ref _length, lsn + bytes.Length);
    }

    /// <summary>Returns when all that was written before is on the disk. Blocks for as long as the disk takes.</summary>
    /// <exception cref="JournalFileException">Once it failed, every later call fails too.</exception>
    public void Sync()
    {
        ThrowIfBroken();
        try
        {
            Durability.SyncFile(_handle);
        }
        catch (IOException failure)
        {
            _broken = $"fsync of journal {FullPath} failed: {failure.Message}";
            throw new JournalFileException($"{_broken}. Check the disk, then restart.", failure);
        }
    }

    /// <returns>Bytes read: less than asked only at the end of the file.</returns>
    public int Read(long lsn, Span<byte> to)
    {
        var done = 0;
        while (done < to.Length)
        {
            var count = RandomAccess.Read(_handle, to[done..], lsn + done);
            if (count == 0)
                break;
            done += count;
        }
        return done;
    }

    /// <summary>Cuts off everything from <paramref name="lsn"/> on, durably.</summary>
    public void Truncate(long lsn)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lsn);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lsn, Length);
        ThrowIfBroken();
        try
        {
            RandomAccess.SetLength(_handle, lsn);
            _room.Released(lsn);
        }
        catch (IOException failure)
        {
            throw new JournalFileException(
                $"cannot truncate journal {FullPath} to {lsn} bytes: {failure.Message}. Check the disk.", failure);
        }
        Volatile.Write(ref _length, lsn);
        Sync();
    }

    public void Dispose()
    {
        _isClosed = true;
        _file.Dispose();
    }

    private void ThrowIfBroken()
    {
        if (_broken is { } why)
            throw new JournalFileException($"{why}, so it is written no more. Check the disk, then restart.");
    }

    /// <summary>Takes back what a failed write left. When even that fails, only recovery can tell what the file holds.</summary>
    private void CutOff(long lsn)
    {
        try
        {
            RandomAccess.SetLength(_handle, lsn);
            _room.Released(lsn);
        }
        catch (IOException failure)
        {
            _broken = $"a failed write to journal {FullPath} could not be cut off at LSN {lsn}: {failure.Message}";
        }
    }
}
