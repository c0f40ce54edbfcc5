using SuperMassive.Core.Journal;

namespace SuperMassive.Server.Journal.Repair;

/// <summary>Damaged pages without an intact one between them.</summary>
internal readonly record struct PageRun(long First, long Last);

/// <summary>Which pages of a journal are damaged from where recovery stopped, and what proves that others are what they were.</summary>
internal sealed class DamagedPages
{
    private readonly JournalFiles _files;
    private readonly JournalId _id;
    private readonly JournalVerdict _verdict;

    private DamagedPages(JournalFiles files, JournalId id, in JournalVerdict verdict)
    {
        (_files, _id, _verdict) = (files, id, verdict);
        SyncedLsn = files.OpenedMark?.SyncedLsn ?? 0;
    }

    public List<PageRun> Runs { get; } = [];

    /// <summary>What must be there at least.</summary>
    public long SyncedLsn { get; }

    public static DamagedPages Find(JournalFiles files, JournalId id, in JournalVerdict verdict)
    {
        var damaged = new DamagedPages(files, id, verdict);
        damaged.Search();
        return damaged;
    }

    /// <param name="bytes">A replica's, from the run's first page to the one behind its last, as far as it holds them.</param>
    /// <returns>Why they cannot stand in for the damaged ones, or null.</returns>
    public string? ProblemOf(PageRun run, ReadOnlySpan<byte> bytes)
    {
        var startLsn = Page.StartOf(run.First);
        var runBytes = (int)(Page.StartOf(run.Last + 1) - startLsn);
        var neededBytes = (int)(Math.Min(Page.StartOf(run.Last + 1), Math.Max(_files.EndLsn, SyncedLsn)) - startLsn);
        if (bytes.IsEmpty)
            return $"it does not hold page {run.First}";
        if (bytes.Length < Math.Min(neededBytes, Math.Max(SyncedLsn - startLsn, 0)) || (bytes.Length < runBytes && HasPage(run.Last + 1)))
            return $"its copy ends at LSN {startLsn + bytes.Length}, within the damaged pages";
        for (var at = 0; at < Math.Min(bytes.Length, runBytes); at += Page.PageBytes)
        {
            var page = bytes[at..Math.Min(bytes.Length, at + Page.PageBytes)];
            if (!PageAudit.IsIntact(page, _id, run.First + at / Page.PageBytes, _files.SegmentPages, out _))
                return $"its copy of page {run.First + at / Page.PageBytes} is damaged too";
        }
        return IsProved(run, bytes, runBytes)
            ? null
            : $"its copy of pages {run.First} to {run.Last} cannot be shown to be of the same history";
    }

    private void Search()
    {
        var endPage = Page.CountFor(Math.Max(_files.EndLsn, SyncedLsn));
        var first = Page.NumberOf(_verdict.Damage?.Lsn ?? _verdict.EndLsn);
        Span<byte> page = stackalloc byte[Page.PageBytes];
        var reached = 0u;
        for (var number = first; number < endPage; number++)
        {
            var bytes = page[.._files.Read(Page.StartOf(number), page)];
            var isCut = Page.StartOf(number) + bytes.Length < Math.Min(SyncedLsn, Page.StartOf(number + 1));
            if (!isCut && PageAudit.IsIntact(bytes, _id, number, _files.SegmentPages, out var epoch) && epoch >= reached)
                reached = epoch;
            else if (Runs is [.., var last] && last.Last == number - 1)
                Runs[^1] = last with { Last = number };
            else
                Runs.Add(new PageRun(number, number));
        }
    }

    private bool HasPage(long number) => _files.EndLsn > Page.StartOf(number) + Page.HeaderBytes + Fragment.MinBytes;

    private bool IsProved(PageRun run, ReadOnlySpan<byte> bytes, int runBytes)
    {
        var startLsn = Page.StartOf(run.First);
        Span<byte> mine = stackalloc byte[Page.PageBytes];
        if (HasPage(run.Last + 1))
        {
            var next = bytes[runBytes..];
            mine = mine[.._files.Read(Page.StartOf(run.Last + 1), mine)];
            var common = Math.Min(next.Length, mine.Length);
            return common > Page.HeaderBytes + Fragment.MinBytes && next[..common].SequenceEqual(mine[..common]);
        }
        var tailLsn = TailChecksum.StartOf(SyncedLsn);
        if (_files.OpenedMark is { TailChecksum: not 0 } mark && tailLsn >= startLsn && SyncedLsn <= startLsn + bytes.Length)
            return Crc32C.Of(bytes[(int)(tailLsn - startLsn)..(int)(SyncedLsn - startLsn)]) == mark.TailChecksum;
        // no page behind, and synced bytes are not what is damaged: a sealed fragment behind the damage is
        if (_verdict.ValidAfterLsn is not { } validLsn || validLsn < startLsn || validLsn >= startLsn + Math.Min(bytes.Length, runBytes))
            return false;
        mine = mine[.._files.Read(validLsn, mine[..(Page.PageBytes - Page.OffsetOf(validLsn))])];
        var theirs = bytes[(int)(validLsn - startLsn)..];
        return Fragment.TryReadHeader(mine, Page.PageBytes - Page.OffsetOf(validLsn), out _, out var dataBytes)
            && theirs.Length >= Fragment.HeaderBytes + dataBytes
            && theirs[..(Fragment.HeaderBytes + dataBytes)].SequenceEqual(mine[..(Fragment.HeaderBytes + dataBytes)]);
    }
}
