using System.Collections.Immutable;
using SuperMassive.Core.Journal;

namespace SuperMassive.Server.Journal;

/// <summary>Opens or creates a journal's directory, and refuses whatever does not belong together.</summary>
internal static class JournalOpening
{
    public static JournalFiles Open(string directory, long segmentPages, UInt128 bootId)
    {
        var folder = Path.GetFullPath(directory);
        OwnedFile.CreateDirectory(folder);
        var mark = MarkFile.Open(folder);
        List<SegmentFile> opened = [];
        try
        {
            FinishReset(folder, mark);
            LegacyJournal.Adopt(folder, segmentPages);
            var listing = JournalListing.Read(folder);
            var id = OpenSegments(listing, segmentPages, mark, opened);
            if (opened.Count == 0 && listing.Checkpoints.Count == 0 && mark.Content is null)
                Begin(folder, mark, bootId);
            var from = AfterLastGap(listing, segmentPages);
            return new JournalFiles(
                folder, mark, [.. opened.Skip(from)], [.. opened.Take(from)], id ?? mark.Content?.Id ?? default, segmentPages, bootId);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            foreach (var segment in opened)
                segment.Dispose();
            mark.Dispose();
            throw e as JournalFileException ?? OwnedFile.Explain(folder, e);
        }
    }

    /// <summary>A directory without a journal: its mark is there before the first byte is.</summary>
    private static void Begin(string folder, MarkFile mark, UInt128 bootId)
    {
        mark.WriteDurably(new JournalMark(default, 0, 0, bootId, 0, JournalMarkState.Normal));
        Durability.SyncDirectory(folder);
    }

    /// <summary>Goes on with what was cut short in the midst of its files.</summary>
    private static void FinishReset(string folder, MarkFile mark)
    {
        if (mark.Content is not { State: not JournalMarkState.Normal } content)
            return;
        if (content.State == JournalMarkState.PuttingAside)
            DamagedJournal.Move(folder);
        else
            CheckpointFile.DeleteAll(folder);
        foreach (var segment in JournalListing.Read(folder).Segments)
            File.Delete(segment.FullPath);
        Durability.SyncDirectory(folder);
        mark.WriteDurably(content with { State = JournalMarkState.Normal });
    }

    /// <returns>The journal's id; null when no segment names it.</returns>
    private static JournalId? OpenSegments(JournalListing listing, long segmentPages, MarkFile mark, List<SegmentFile> opened)
    {
        (JournalId Id, string Path)? named = mark.Content is { } content && content.Id != default ? (content.Id, mark.FullPath) : null;
        foreach (var listed in listing.Segments)
        {
            if (listed.FirstPage % segmentPages != 0)
                throw new JournalFileException(
                    $"segment {listed.FullPath} does not begin where a segment may: at a multiple of {segmentPages} pages. "
                    + "It was left as it is: move it away.");
            var segment = SegmentFile.Open(listing.Directory, listed.FirstPage, segmentPages);
            opened.Add(segment);
            if (segment.ReadId(isKnown: named is not null) is not { } id || id == default)
                continue;
            if (named is { } other && other.Id != id)
                throw new JournalFileException(
                    $"{listed.FullPath} is of journal {id}, but {other.Path} is of journal {other.Id}: files of two nodes are mixed. "
                    + "Nothing was changed: put back the files that belong together.");
            named = (id, listed.FullPath);
        }
        return named?.Id;
    }

    /// <returns>How many of the segments lie before a gap, and are of no use any more.</returns>
    /// <exception cref="JournalFileException">There is a gap in what recovery has to read.</exception>
    private static int AfterLastGap(JournalListing listing, long segmentPages)
    {
        var checkpointLsn = listing.Checkpoints.Count > 0 ? listing.Checkpoints[0].Lsn : 0;
        var from = 0;
        for (var i = 1; i < listing.Segments.Count; i++)
        {
            var missing = listing.Segments[i - 1].FirstPage + segmentPages;
            if (listing.Segments[i].FirstPage == missing)
                continue;
            // those before the checkpoint were being deleted, and a power cut may keep any of them
            if (Page.StartOf(listing.Segments[i].FirstPage) > checkpointLsn)
                throw new JournalFileException(
                    $"segment {Path.Combine(listing.Directory, JournalNames.OfSegment(missing))} is missing: the journal goes on in "
                    + $"{Path.GetFileName(listing.Segments[i].FullPath)}. Nothing was changed: put it back from a backup, "
                    + "or replace all files of this journal by those of a replica.");
            from = i;
        }
        return from;
    }
}
