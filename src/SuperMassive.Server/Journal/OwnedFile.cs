namespace SuperMassive.Server.Journal;

/// <summary>Opens the files of a journal: mode 0600, never by a link, and each expected failure in words.</summary>
internal static class OwnedFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens the file for reading and writing, or creates it.</summary>
    /// <param name="isExclusive">With a lock that keeps every other process from doing the same.</param>
    /// <exception cref="JournalFileException">It is in use, no file or not permitted; it is left as it is.</exception>
    public static FileStream Open(string path, FileMode mode = FileMode.OpenOrCreate, bool isExclusive = false)
    {
        try
        {
            RefuseWhatIsNoFile(path);
            // a lock is flock on Unix, the share mode on Windows
            var share = isExclusive ? FileShare.None : FileShare.ReadWrite | FileShare.Delete;
            var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
            if (!OperatingSystem.IsWindows() && mode != FileMode.Open)
                options.UnixCreateMode = OwnerOnly;
            return new FileStream(path, options);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw failure as JournalFileException ?? Explain(path, failure);
        }
    }

    /// <summary>Creates a directory that only its owner may look into, and its parents.</summary>
    public static void CreateDirectory(string directory)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(directory);
            else
                Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Explain(directory, failure);
        }
    }

    public static void RefuseWhatIsNoFile(string path)
    {
        if (new FileInfo(path).LinkTarget is { } target)
            throw new JournalFileException(
                $"{path} is a symbolic link to {target}, which is not followed. Put the file itself there, "
                + "or start with --directory set to where the journal is.");
        if (Directory.Exists(path))
            throw new JournalFileException(
                $"{path} is a directory where a file of the journal belongs. Move it away, or start with another --directory.");
    }

    public static JournalFileException Explain(string path, Exception failure) => failure switch
    {
        UnauthorizedAccessException => new JournalFileException(
            $"no permission to read and write {path}. Give it and its directory to the user who runs this process.", failure),
        _ when IsInUse(failure) => new JournalFileException(
            $"{path} is in use by another process. Stop that process, or start with another --directory.", failure),
        IOException io when DiskFull.IsCauseOf(io) => new JournalFileException(
            $"no space to create {path}. Make room on that disk, then start again.", failure, isDiskFull: true),
        _ => new JournalFileException($"cannot open {path}: {failure.Message}. Check the path and the disk.", failure),
    };

    /// <summary>EWOULDBLOCK of the lock, or Windows' sharing and lock violations.</summary>
    private static bool IsInUse(Exception failure) => OperatingSystem.IsWindows()
        ? failure.HResult is unchecked((int)0x80070020) or unchecked((int)0x80070021)
        : failure.HResult == (OperatingSystem.IsMacOS() ? 35 : 11);
}
