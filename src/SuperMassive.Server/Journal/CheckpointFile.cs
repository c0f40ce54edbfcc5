
namespace SuperMassive.Server.Journal;

/// <summary>
/// The checkpoints of a directory: one that is being written, and the newest that is installed. All calls come from one thread but
/// <see cref="ReadNewest"/>.
/// </summary>
public sealed class CheckpointFile(string directory) : IDisposable
{
    /// <summary>Written back to the disk this often, so that the fsync at the end is short and disturbs nobody.</summary>
    private const long SyncBytes = 8 << 20;

    private readonly string _temporary = Path.Combine(directory, JournalNames.CheckpointTemporary);
    private FileStream? _file;
    private long _length;
    private long _syncedLength;

    /// <summary>Appends to the checkpoint that is being written; the first bytes begin it.</summary>
    /// <returns>Its bytes so far.</returns>
    /// <exception cref="JournalFileException">What was written is gone, as after <see cref="Abandon"/>.</exception>
    public long Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (_file is null)
            {
                File.Delete(_temporary);
                _file = OwnedFile.Open(_temporary);
                _length = _syncedLength = 0;
            }
            RandomAccess.Write(_file.SafeFileHandle, bytes, _length);
            _length += bytes.Length;
            if (_length - _syncedLength >= SyncBytes)
            {
                Durability.SyncFile(_file.SafeFileHandle);
                _syncedLength = _length;
            }
            return _length;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Abandon();
            throw new JournalFileException(
                $"cannot write checkpoint {_temporary}: {failure.Message}. Check the disk and its space.",
                failure,
                failure is IOException io && DiskFull.IsCauseOf(io));
        }
    }

    /// <summary>Makes what was written the newest checkpoint, durably, and removes older ones.</summary>
    /// <param name="lsn">Where replay starts after it was loaded.</param>
    /// <exception cref="JournalFileException">The newest is what it was before.</exception>
    public void Install(long lsn)
    {
        if (_file is not { } file)
            throw new JournalFileException($"no checkpoint was written that could be installed at LSN {lsn}.");
        try
        {
            Durability.SyncFile(file.SafeFileHandle);
            file.Dispose();
            _file = null;
            File.Move(_temporary, Path.Combine(directory, JournalNames.OfCheckpoint(lsn)), overwrite: true);
            Durability.SyncDirectory(directory);
            foreach (var older in JournalListing.Read(directory).Checkpoints.Where(listed => listed.Lsn != lsn))
                File.Delete(older.FullPath);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Abandon();
            throw failure as JournalFileException
                ?? new JournalFileException(
                    $"cannot install the checkpoint at LSN {lsn} in {directory}: {failure.Message}. Check the disk.", failure);
        }
    }

    /// <summary>Gives up what was written.</summary>
    public void Abandon()
    {
        _file?.Dispose();
        _file = null;
        try
        {
            File.Delete(_temporary);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // the next checkpoint or the next start deletes it, and says why if it cannot
        }
    }

    /// <summary>Reads the newest installed checkpoint.</summary>
    /// <returns>Its LSN, the bytes read and how many it has in all; all zero when there is none.</returns>
    public (long Lsn, int Count, long TotalBytes) ReadNewest(long offset, Span<byte> to)
    {
        while (JournalListing.Read(directory).Checkpoints is [var newest, ..])
        {
            try
            {
                using var file = OpenToRead(newest.FullPath);
                var total = RandomAccess.GetLength(file.SafeFileHandle);
                var done = 0;
                for (int count; done < to.Length && (count = RandomAccess.Read(file.SafeFileHandle, to[done..], offset + done)) > 0;)
                    done += count;
                return (newest.Lsn, done, total);
            }
            catch (FileNotFoundException)
            {
                // replaced by a newer one since it was listed
            }
        }
        return default;
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>Removes every checkpoint, also one that is being written.</summary>
    internal static void DeleteAll(string directory)
    {
        File.Delete(Path.Combine(directory, JournalNames.CheckpointTemporary));
        foreach (var checkpoint in JournalListing.Read(directory).Checkpoints)
            File.Delete(checkpoint.FullPath);
        Durability.SyncDirectory(directory);
    }

    internal static FileStream OpenToRead(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
}
