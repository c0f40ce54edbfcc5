using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SuperMassive.Server.Journal;

/// <summary>
/// Room beyond the end of a file of the journal, set aside before it is promised to anybody, so that the disk cannot refuse a record
/// which has been applied.
/// </summary>
/// <remarks>
/// <para>
/// Linux: fallocate with FALLOC_FL_KEEP_SIZE, which leaves the file's length alone and survives the process (see fallocate(2)).
/// Elsewhere, and on file systems without it, the space that is free now counts, less a margin for others who write to the disk.
/// That is no promise of the disk's: a write may fail all the same.
/// </para>
/// <para>Cutting the file gives back what was set aside; say so by <see cref="Released"/>. One thread at a time.</para>
/// </remarks>
public sealed partial class JournalRoom
{
    /// <summary>Set aside at once: rarely enough to cost nothing, and little beside the data of any but the smallest disks.</summary>
    public const long ChunkBytes = 4 << 20;

    /// <summary>What is left to others where nothing can be set aside.</summary>
    private const long MarginBytes = 64 << 20;

    /// <summary>A disk that had no room is asked again after this, not for every write that is refused.</summary>
    private const int RetryMs = 50;

    private const int KeepSize = 1;
    private const int InterruptedErrno = 4;
    private const int NotImplementedErrno = 38;
    private const int NotSupportedErrno = 95;

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly long _maxLength;
    private bool _isEstimate = !OperatingSystem.IsLinux();
    private long _endOffset;
    private long _triedBytes = long.MaxValue;
    private long _triedMs;

    /// <param name="path">Where the file is, to ask for the free space of its disk.</param>
    /// <param name="length">The file's length.</param>
    /// <param name="maxLength">Beyond this nothing will ever be written.</param>
    public JournalRoom(SafeFileHandle file, string path, long length, long maxLength = long.MaxValue)
    {
        _maxLength = maxLength;
        _file = file;
        _path = path;
        _endOffset = length;
    }

    /// <param name="length">Where the file's next byte goes.</param>
    public long BytesBeyond(long length) => Math.Max(0, Volatile.Read(ref _endOffset) - length);

    /// <summary>Sees to it, if the disk allows, that there is room for <paramref name="bytes"/> beyond <paramref name="length"/>.</summary>
    /// <returns>The room there is now.</returns>
    public long Reserve(long length, long bytes)
    {
        var needed = length + bytes;
        if (_endOffset >= needed || (bytes >= _triedBytes && Environment.TickCount64 - _triedMs < RetryMs))
            return BytesBeyond(length);
        // to the same bounds whenever it is asked, also by the next process: what is set aside already costs nothing again
        var generous = Math.Max(needed, Math.Min((needed / ChunkBytes + 1) * ChunkBytes, _maxLength));
        if (!TryReach(length, generous) && !TryReach(length, needed))
        {
            _triedBytes = bytes;
            _triedMs = Environment.TickCount64;
            return BytesBeyond(length);
        }
        _triedBytes = long.MaxValue;
        return BytesBeyond(length);
    }

    /// <summary>The file was cut to <paramref name="length"/>, and with it what was set aside beyond.</summary>
    public void Released(long length) => Volatile.Write(ref _endOffset, length);

    private bool TryReach(long length, long endOffset)
    {
        if (!_isEstimate && !TryAllocate(length, endOffset - length))
            return false;
        if (_isEstimate && endOffset - length > FreeBytes() - MarginBytes)
            return false;
        Volatile.Write(ref _endOffset, Math.Max(_endOffset, endOffset));
        return true;
    }

    private bool TryAllocate(long offset, long bytes)
    {
        while (fallocate(_file, KeepSize, offset, bytes) < 0)
        {
            switch (Marshal.GetLastPInvokeError())
            {
                case InterruptedErrno:
                    continue;
                case NotSupportedErrno or NotImplementedErrno:
                    _isEstimate = true;
                    return true;
                default:
                    return false;
            }
        }
        return true;
    }

    private long FreeBytes() => new DriveInfo(Path.GetDirectoryName(_path)!).AvailableFreeSpace;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fallocate(SafeFileHandle file, int mode, long offset, long length);
}
