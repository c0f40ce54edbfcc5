using Microsoft.Win32.SafeHandles;

namespace SuperMassive.Server.Journal;

/// <summary>
/// <c>journal.mark</c>: holds the exclusive lock of a journal's directory, and says how far the journal is on the disk. Rewritten in
/// place after every fsync of the journal, and itself fsynced only where something would rely on more than it says.
/// </summary>
internal sealed class MarkFile : IDisposable
{
    private readonly FileStream _file;
    private readonly object _writing = new();

    private MarkFile(FileStream file) => _file = file;

    /// <summary>What it says; null when it says nothing, or nothing intact.</summary>
    public JournalMark? Content { get; private set; }

    public string FullPath => _file.Name;

    /// <summary>Takes the directory for this process.</summary>
    /// <exception cref="JournalFileException">It is in use, or a newer build wrote it.</exception>
    public static MarkFile Open(string directory)
    {
        var path = Path.Combine(directory, JournalNames.Mark);
        var file = OwnedFile.Open(path, isExclusive: true);
        try
        {
            var mark = new MarkFile(file);
            mark.Content = Read(file.SafeFileHandle, path);
            return mark;
        }
        catch (Exception e) when (e is IOException)
        {
            file.Dispose();
            throw e as JournalFileException ?? OwnedFile.Explain(path, e);
        }
    }

    /// <summary>Reads the mark of a directory that may be in use.</summary>
    /// <returns>Null when there is none, or nothing intact, or on Windows when it is in use.</returns>
    public static JournalMark? Peek(string directory)
    {
        var path = Path.Combine(directory, JournalNames.Mark);
        if (!File.Exists(path))
            return null;
        try
        {
            using var handle = UnlockedFile.OpenToRead(path);
            return Read(handle, path);
        }
        catch (IOException e) when (OperatingSystem.IsWindows() && e is not JournalFileException)
        {
            return null;
        }
    }

    /// <summary>Survives the death of the process.</summary>
    public void Write(in JournalMark mark)
    {
        Span<byte> bytes = stackalloc byte[JournalMark.Bytes];
        mark.Write(bytes);
        lock (_writing)
        {
            RandomAccess.Write(_file.SafeFileHandle, bytes, 0);
            Content = mark;
        }
    }

    /// <summary>Survives a power cut, too.</summary>
    public void WriteDurably(in JournalMark mark)
    {
        Write(mark);
        Durability.SyncFile(_file.SafeFileHandle);
    }

    public void Dispose() => _file.Dispose();

    private static JournalMark? Read(SafeFileHandle file, string path)
    {
        Span<byte> bytes = stackalloc byte[JournalMark.Bytes];
        bytes = bytes[..RandomAccess.Read(file, bytes, 0)];
        var mark = JournalMark.Read(bytes, out var isNewer);
        return isNewer
            ? throw new JournalFileException(
                $"{path} was written by a newer version of SuperMassive. It was left as it is: start that version or a later one.")
            : mark;
    }
}
