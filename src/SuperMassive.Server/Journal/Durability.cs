using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace SuperMassive.Server.Journal;

/// <summary>How bytes and names are made to survive a power cut, on each platform.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Linux</term><description>fsync of the file, and of its directory after it was created or renamed.</description></item>
/// <item><term>macOS</term><description>The same calls. fsync there leaves bytes in the drive's cache; .NET asks for F_FULLFSYNC on
/// files where the file system has it. The directory gets a plain fsync, so a file
/// just created may be missing after a power cut.</description></item>
/// <item><term>Windows</term><description>FlushFileBuffers on the file. Directories cannot be flushed and need not be: NTFS journals
/// names and writes that journal with the flush of the file. File systems without one (FAT, some shares)
/// give no such promise.</description></item>
/// </list>
/// </remarks>
internal static partial class Durability
{
    private const int InterruptedErrno = 4;

    public static void SyncFile(SafeFileHandle file) => RandomAccess.FlushToDisk(file);

    /// <summary>Makes the names in a directory durable.</summary>
    public static void SyncDirectory(string directory)
    {
        if (!OperatingSystem.IsWindows())
            SyncUnixDirectory(directory);
    }

    // .NET opens no directories
    [UnsupportedOSPlatform("windows")]
    private static void SyncUnixDirectory(string directory)
    {
        const int readOnly = 0;
        var descriptor = open(directory, readOnly);
        if (descriptor < 0)
            throw Failure("open", directory);
        try
        {
            int result;
            do
                result = fsync(descriptor);
            while (result < 0 && Marshal.GetLastPInvokeError() == InterruptedErrno);
            if (result < 0)
                throw Failure("fsync", directory);
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    private static IOException Failure(string call, string directory) =>
        new($"{call} of directory {directory} failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
