using SuperMassive.Core.Journal;

namespace SuperMassive.Server.Journal;

/// <summary>Opens or creates the journal file, and refuses whatever is not one.</summary>
internal static class PageFileOpening
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static PageFile Open(string directory)
    {
        var folder = Path.GetFullPath(directory);
        var path = Path.Combine(folder, PageFile.FileName);
        FileStream? file = null;
        try
        {
            CreateDirectory(folder);
            RefuseWhatIsNoFile(path);
            file = new FileStream(path, Options());
            RefuseForeign(path, file);
            // also when the file was there: its creation may have been cut short before this
            Durability.SyncFile(file.SafeFileHandle);
            Durability.SyncDirectory(folder);
            return new PageFile(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw failure as JournalFileException ?? Explain(path, failure);
        }
    }

    private static void CreateDirectory(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            // an exclusive lock: flock on Unix, the share mode on Windows
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return options;
    }

    private static void RefuseWhatIsNoFile(string path)
    {
        var entry = new FileInfo(path);
        if (entry.LinkTarget is { } target)
            throw new JournalFileException(
                $"journal {path} is a symbolic link to {target}, which is not followed. Set data-directory to where the journal is.");
        if (Directory.Exists(path))
            throw new JournalFileException($"journal {path} is a directory. Move it away or set another data-directory.");
    }

    private static void RefuseForeign(string path, FileStream file)
    {
        Span<byte> head = stackalloc byte[SegmentHead.EndOffset];
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        switch (SegmentHead.Recognize(head))
        {
            case JournalHead.Foreign:
                throw new JournalFileException(
                    $"{path} is not a SuperMassive journal, or its first page is destroyed. It was left as it is: "
                    + "move it away, or restore it from a replica.");
            case JournalHead.NewerFormat:
                throw new JournalFileException(
                    $"journal {path} was written by a newer version of SuperMassive. It was left as it is: "
                    + "start that version or a later one.");
        }
    }

    private static JournalFileException Explain(string path, Exception failure) => failure switch
    {
        UnauthorizedAccessException => new JournalFileException(
            $"no permission to read and write journal {path}. Give it and its directory to the user who runs this process.", failure),
        _ when IsInUse(failure) => new JournalFileException(
            $"journal {path} is in use by another process. Stop that process or set another data-directory.", failure),
        _ => new JournalFileException($"cannot open journal {path}: {failure.Message}", failure),
    };

    /// <summary>EWOULDBLOCK of the lock, or Windows' sharing and lock violations.</summary>
    private static bool IsInUse(Exception failure) => OperatingSystem.IsWindows()
        ? failure.HResult is unchecked((int)0x80070020) or unchecked((int)0x80070021)
        : failure.HResult == (OperatingSystem.IsMacOS() ? 35 : 11);
}
