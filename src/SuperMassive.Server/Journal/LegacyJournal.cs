using SuperMassive.Core.Journal;

namespace SuperMassive.Server.Journal;

/// <summary>
/// Turns the one file of an earlier build into segments. May be cut short anywhere and goes on at the next start: the last segment
/// is copied out and made durable before the file is cut off where it began, and what is left in the end is the first segment.
/// </summary>
internal static class LegacyJournal
{
    private const int CopyBytes = 1 << 20;

    /// <returns>The bytes that were adopted; null when there was nothing to adopt.</returns>
    /// <exception cref="JournalFileException">It is no journal, is in use, or there are segments besides.</exception>
    public static long? Adopt(string directory, long segmentPages)
    {
        var path = Path.Combine(directory, JournalNames.Legacy);
        OwnedFile.RefuseWhatIsNoFile(path);
        if (!File.Exists(path))
            return null;
        var first = Path.Combine(directory, JournalNames.OfSegment(0));
        if (File.Exists(first) || JournalListing.Read(directory).Checkpoints.Count > 0)
            throw new JournalFileException(
                $"{path} is the journal of an earlier version, and {directory} has segments or checkpoints besides: "
                    + "both were left as they are. "
                + "Move away the one that is not wanted.");
        long length;
        // the lock that an earlier build holds
        using (var file = OwnedFile.Open(path, FileMode.Open, isExclusive: true))
        {
            SegmentHeads.RefuseForeign(path, file, firstPage: 0);
            length = file.Length;
            Split(directory, file, segmentPages);
        }
        File.Move(path, first);
        Durability.SyncDirectory(directory);
        return length;
    }

    private static void Split(string directory, FileStream file, long segmentPages)
    {
        var segmentBytes = Page.StartOf(segmentPages);
        var temporary = Path.Combine(directory, JournalNames.SegmentTemporary);
        while (file.Length > segmentBytes)
        {
            var from = (file.Length - 1) / segmentBytes * segmentBytes;
            File.Delete(temporary);
            using (var segment = OwnedFile.Open(temporary))
            {
                file.Position = from;
                file.CopyTo(segment, CopyBytes);
                segment.Flush(flushToDisk: true);
            }
            File.Move(temporary, Path.Combine(directory, JournalNames.OfSegment(Page.NumberOf(from))), overwrite: true);
            Durability.SyncDirectory(directory);
            file.SetLength(from);
            file.Flush(flushToDisk: true);
        }
    }
}
