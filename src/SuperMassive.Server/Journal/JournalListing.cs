namespace SuperMassive.Server.Journal;

/// <summary>A segment as a directory lists it.</summary>
/// <param name="FirstPage">The first page that it may hold.</param>
public readonly record struct ListedSegment(long FirstPage, string FullPath, long LengthBytes);

/// <summary>A checkpoint as a directory lists it.</summary>
/// <param name="Lsn">Where replay starts after it was loaded.</param>
public readonly record struct ListedCheckpoint(long Lsn, string FullPath, long LengthBytes);

/// <summary>The files of a journal, by their names alone. Opens and locks nothing, so it is fit for a directory in use.</summary>
/// <param name="Segments">Ascending.</param>
/// <param name="Checkpoints">The newest first.</param>
/// <param name="LegacyBytes">Length of the one file of an earlier build; null when there is none.</param>
public sealed record JournalListing(
    string Directory, IReadOnlyList<ListedSegment> Segments, IReadOnlyList<ListedCheckpoint> Checkpoints, long? LegacyBytes)
{
    /// <exception cref="JournalFileException">The directory cannot be read.</exception>
    public static JournalListing Read(string directory)
    {
        var folder = Path.GetFullPath(directory);
        List<ListedSegment> segments = [];
        List<ListedCheckpoint> checkpoints = [];
        try
        {
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
            {
                if (JournalNames.TryParseSegment(entry.Name, out var firstPage))
                    segments.Add(new ListedSegment(firstPage, entry.FullName, LengthOf(entry)));
                else if (JournalNames.TryParseCheckpoint(entry.Name, out var lsn))
                    checkpoints.Add(new ListedCheckpoint(lsn, entry.FullName, LengthOf(entry)));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw failure as JournalFileException ?? OwnedFile.Explain(folder, failure);
        }
        segments.Sort((a, b) => a.FirstPage.CompareTo(b.FirstPage));
        checkpoints.Sort((a, b) => b.Lsn.CompareTo(a.Lsn));
        var legacy = new FileInfo(Path.Combine(folder, JournalNames.Legacy));
        return new JournalListing(folder, segments, checkpoints, legacy.Exists ? legacy.Length : null);
    }

    /// <summary>A file may be deleted between being listed and being looked at.</summary>
    private static long LengthOf(FileSystemInfo entry) => entry is FileInfo { Exists: true } file ? file.Length : 0;
}
