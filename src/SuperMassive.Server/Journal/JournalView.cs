using Microsoft.Win32.SafeHandles;
using SuperMassive.Core.Journal;

namespace SuperMassive.Server.Journal;

/// <summary>A file of a view, opened to be read.</summary>
public sealed record ViewedFile(string FullPath, long StartLsn, long LengthBytes, SafeFileHandle Handle);

/// <summary>
/// A journal as somebody looks at it who owns nothing: read only, without a lock, also while a node runs on it, and whatever is wrong
/// with it. A segment or the file of an earlier build may be looked at alone.
/// </summary>
public sealed class JournalView : IDisposable
{
    private const int MaxTries = 5;

    private JournalView(
        string path, IReadOnlyList<ViewedFile> segments, IReadOnlyList<ViewedFile> checkpoints, JournalMark? mark, long segmentPages)
    {
        Path = path;
        Segments = segments;
        Checkpoints = checkpoints;
        Mark = mark;
        SegmentPages = segmentPages;
        StartLsn = Math.Max(segments.Count > 0 ? segments[0].StartLsn : 0, mark?.StartLsn ?? 0);
        EndLsn = segments.Where(segment => segment.LengthBytes > 0)
            .Select(segment => segment.StartLsn + segment.LengthBytes).LastOrDefault(StartLsn);
        (Id, ProblemOfId) = FindId();
    }

    /// <summary>What is looked at.</summary>
    public string Path { get; }

    /// <summary>Ascending.</summary>
    public IReadOnlyList<ViewedFile> Segments { get; }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<ViewedFile> Checkpoints { get; }

    /// <summary>Null when there is none, or none that is intact.</summary>
    public JournalMark? Mark { get; }

    public long SegmentPages { get; }

    /// <summary>Null when nothing says which journal it is.</summary>
    public JournalId? Id { get; }

    /// <summary>What is wrong with the heads of segments, or null.</summary>
    public string? ProblemOfId { get; }

    /// <summary>The first LSN that is held.</summary>
    public long StartLsn { get; }

    /// <summary>Where the last file ended when it was opened.</summary>
    public long EndLsn { get; }

    /// <param name="path">A data directory, a segment, a checkpoint, or the journal of an earlier build.</param>
    /// <exception cref="IOException">It is none of them, or cannot be read; in words.</exception>
    public static JournalView Open(string path, long segmentPages = Page.SegmentPages)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            for (var tries = 1; Directory.Exists(full); tries++)
            {
                try
                {
                    return OpenDirectory(full, segmentPages);
                }
                catch (IOException e) when (e is not JournalFileException && tries < MaxTries)
                {
                    // a node that runs on it deleted a file since it was listed
                }
            }
            if (!File.Exists(full))
                throw new JournalFileException($"{path}: there is no such file or directory.");
            return OpenFile(full, segmentPages);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new JournalFileException($"no permission to read {path}. Run this as the user who owns it.", e);
        }
    }

    /// <returns>Bytes read. What is missing between two files reads as zeros.</returns>
    public int Read(long lsn, Span<byte> to)
    {
        var count = (int)Math.Clamp(EndLsn - lsn, 0, to.Length);
        to = to[..count];
        to.Clear();
        foreach (var segment in Segments)
        {
            var from = Math.Max(lsn, segment.StartLsn);
            var until = Math.Min(lsn + count, segment.StartLsn + segment.LengthBytes);
            if (from < until)
                ReadFully(segment.Handle, from - segment.StartLsn, to[(int)(from - lsn)..(int)(until - lsn)]);
        }
        return count;
    }

    /// <summary>The file that holds an LSN, or held it.</summary>
    public ViewedFile? FileOf(long lsn) => Segments.LastOrDefault(segment => segment.StartLsn <= lsn) ?? Segments.FirstOrDefault();

    public static int ReadFully(SafeFileHandle handle, long offset, Span<byte> to)
    {
        var done = 0;
        for (int count; done < to.Length && (count = RandomAccess.Read(handle, to[done..], offset + done)) > 0;)
            done += count;
        return done;
    }

    public void Dispose()
    {
        foreach (var file in Segments.Concat(Checkpoints))
            file.Handle.Dispose();
    }

    private static JournalView OpenDirectory(string directory, long segmentPages)
    {
        // the mark first: what it claims is in the files by the time their lengths are looked at
        var mark = MarkFile.Peek(directory);
        var listing = JournalListing.Read(directory);
        List<ViewedFile> segments = [.. listing.Segments.Select(listed => Opened(listed.FullPath, Page.StartOf(listed.FirstPage)))];
        if (segments.Count == 0 && listing.LegacyBytes is not null)
            segments.Add(Opened(System.IO.Path.Combine(directory, JournalNames.Legacy), 0));
        List<ViewedFile> checkpoints = [.. listing.Checkpoints.Select(listed => Opened(listed.FullPath, listed.Lsn))];
        return segments.Count == 0 && checkpoints.Count == 0 && mark is null
            ? throw new JournalFileException($"{directory} has no journal: no segment, no checkpoint, no mark.")
            : new JournalView(directory, segments, checkpoints, mark, segmentPages);
    }

    private static JournalView OpenFile(string path, long segmentPages)
    {
        var name = System.IO.Path.GetFileName(path);
        if (JournalNames.TryParseCheckpoint(name, out var lsn) || name == JournalNames.CheckpointTemporary)
            return new JournalView(path, [], [Opened(path, lsn)], null, segmentPages);
        if (!JournalNames.TryParseSegment(name, out var firstPage) && name != JournalNames.Legacy)
            throw new JournalFileException(
                $"{path} is no file of a journal by its name: expected a directory, "
                    + $"{JournalNames.OfSegment(0)}, {JournalNames.OfCheckpoint(0)} or {JournalNames.Legacy}.");
        // the mark beside a segment knows the journal's id, and where it begins
        var mark = MarkFile.Peek(System.IO.Path.GetDirectoryName(path)!);
        var start = Page.StartOf(firstPage);
        var end = Page.StartOf(firstPage + segmentPages);
        if (mark is { } known)
            mark = known with { StartLsn = Math.Clamp(known.StartLsn, start, end), SyncedLsn = Math.Min(known.SyncedLsn, end) };
        return new JournalView(path, [Opened(path, start)], [], mark, segmentPages);
    }

    private static ViewedFile Opened(string path, long startLsn)
    {
        var handle = UnlockedFile.OpenToRead(path);
        return new ViewedFile(path, startLsn, RandomAccess.GetLength(handle), handle);
    }

    private (JournalId? Id, string? Problem) FindId()
    {
        JournalId? id = Mark is { } mark && mark.Id != default ? mark.Id : null;
        var from = JournalNames.Mark;
        JournalId? guess = null;
        string? problem = null;
        Span<byte> head = stackalloc byte[SegmentHead.EndOffset];
        foreach (var segment in Segments)
        {
            var count = ReadFully(segment.Handle, 0, head);
            guess ??= SegmentHeads.GuessIdOf(head[..count]);
            if (SegmentHeads.IdOf(head[..count], Page.NumberOf(segment.StartLsn)) is not { } found)
                continue;
            if (id is { } other && other != found)
                problem ??= $"{segment.FullPath} is of journal {found}, {from} of journal {other}";
            id ??= found;
            from = System.IO.Path.GetFileName(segment.FullPath);
        }
        return (id ?? guess, problem);
    }
}
