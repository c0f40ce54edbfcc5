using System.Globalization;
using SuperMassive.Core.Node;

namespace SuperMassive.Server.Journal;

/// <summary>What STAT says about the journal's files: name, mode and time of the segment that grows, and the size of all of them.</summary>
internal static class JournalStatus
{
    public static JournalFileStatus Of(string directory, string? path, long heldBytes, bool isClosed)
    {
        var file = new FileInfo(path ?? Path.Combine(directory, JournalNames.OfSegment(0)));
        var mode = !file.Exists ? Text(UnixFileMode.None)
            : OperatingSystem.IsWindows() ? file.IsReadOnly ? "-r--r--r--" : "-rw-rw-rw-"
            : Text(file.UnixFileMode);
        var modified = file.LastWriteTime.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
        return new JournalFileStatus(file.Name, mode, heldBytes, modified, isClosed);
    }

    /// <summary>As <c>ls</c> prints a regular file's permissions.</summary>
    internal static string Text(UnixFileMode mode)
    {
        const string letters = "rwxrwxrwx";
        Span<char> text = stackalloc char[1 + letters.Length];
        text[0] = '-';
        for (var i = 0; i < letters.Length; i++)
            text[1 + i] = ((int)mode & (1 << (letters.Length - 1 - i))) != 0 ? letters[i] : '-';
        return new string(text);
    }
}
