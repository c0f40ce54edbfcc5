using SuperMassive.Core.Journal;

namespace SuperMassive.Server.Journal;

/// <summary>
/// Of the last page of a journal up to an LSN. The page names its epoch and seals its records with the journal's id, so two journals
/// with the same tail have the same history.
/// </summary>
internal static class TailChecksum
{
    /// <returns>Zero where nothing is held before <paramref name="lsn"/>.</returns>
    public static uint Of(JournalFiles files, long lsn)
    {
        Span<byte> page = stackalloc byte[Page.PageBytes];
        var start = StartOf(lsn);
        if (lsn <= files.FirstLsn || files.Read(start, page[..(int)(lsn - start)]) < lsn - start)
            return 0;
        return Crc32C.Of(page[..(int)(lsn - start)]);
    }

    /// <summary>Where the page begins that holds the byte before <paramref name="lsn"/>.</summary>
    public static long StartOf(long lsn) => lsn == 0 ? 0 : Page.StartOf(Page.NumberOf(lsn - 1));
}
