using SuperMassive.Core.Journal;

namespace SuperMassive.Server.Journal.Repair;

/// <summary>Whether a page, looked at by itself, is one of this journal and whole.</summary>
internal static class PageAudit
{
    /// <param name="page">All of it, or of the journal's last page what is there.</param>
    /// <param name="epoch">The page's epoch, when it is intact.</param>
    public static bool IsIntact(ReadOnlySpan<byte> page, JournalId id, long number, long segmentPages, out uint epoch)
    {
        epoch = 0;
        if (page.Length < Page.HeaderBytes || !Page.TryReadHeader(page, out epoch, out var stored) || stored != number)
            return false;
        var seed = Fragment.Seed(id, epoch, number);
        var headSeed = Fragment.Seed(default, epoch, number);
        for (var at = Page.HeaderBytes; at < page.Length;)
        {
            var left = Page.PageBytes - at;
            if (left < Fragment.MinBytes)
                return !page[at..].ContainsAnyExcept((byte)0);
            var rest = page[at..];
            if (rest.Length < Fragment.MinBytes || !Fragment.TryReadHeader(rest, left, out var type, out var dataBytes)
                || rest.Length < Fragment.HeaderBytes + dataBytes)
                return false;
            var isHead = at == Page.HeaderBytes && Page.BeginsSegment(number, segmentPages);
            if (isHead != (type == FragmentType.Segment)
                || !Fragment.IsSealed(rest[..(Fragment.HeaderBytes + dataBytes)], isHead ? headSeed : seed))
                return false;
            at += Fragment.HeaderBytes + dataBytes;
        }
        return true;
    }
}
