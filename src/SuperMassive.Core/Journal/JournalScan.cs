namespace SuperMassive.Core.Journal;

/// <summary>What the end of a journal turned out to be.</summary>
public enum JournalState
{
    /// <summary>Every byte belongs to a whole record.</summary>
    Whole,

    /// <summary>What follows the last whole record is the rest of an unfinished write: to be cut off.</summary>
    TornTail,

    /// <summary>Data that was written is damaged. Nothing may be cut off without being asked.</summary>
    Corrupt,
}

/// <param name="EndLsn">End of the last whole record before any damage.</param>
/// <param name="Damage">What ended it; null when the bytes just end.</param>
/// <param name="ValidAfterLsn">A valid fragment behind the damage, which proves that this is no torn tail.</param>
public readonly record struct JournalVerdict(JournalState State, long EndLsn, JournalDamage? Damage, long? ValidAfterLsn);

/// <summary>Reads a journal at recovery and decides what its end means. Fed with the file's bytes from first to last.</summary>
/// <remarks>
/// <para>
/// What an fsync had put on the disk must be there: a journal that ends, or goes bad, before <c>syncedLsn</c> is corrupt.
/// </para>
/// <para>
/// Behind that LSN it depends on how the last run ended. The death of a process leaves a prefix of what it wrote, since the
/// kernel keeps every write. So after the first bad byte the scan looks for evidence: one valid fragment anywhere behind it,
/// sealed for exactly its page and for the epoch the journal had reached. None: nothing that could be read is lost, and the tail
/// is torn. One: corruption.
/// </para>
/// <para>
/// A power cut keeps any subset of what was not synced, torn at the disk's sectors. Then (<c>mayHaveHoles</c>) valid fragments
/// behind the bad byte prove nothing, and the tail is cut off at the first bad byte. Nothing of it was promised to anybody.
/// </para>
/// <para>
/// A page of an older epoch is no evidence: it is left over from before a truncation that recovery had decided already.
/// A damaged last record with nothing behind it cannot be told from a torn write, and is cut off.
/// </para>
/// </remarks>
public sealed class JournalScan
{
    private readonly byte[] _page = new byte[Page.PageBytes];
    private long _number;
    private int _filled;
    private int _from;
    private bool _isHeadDamaged;
    private readonly long _syncedLsn;
    private readonly bool _mayHaveHoles;
    private long? _validAfterLsn;

    /// <summary>Reads from the journal's first byte, of which nothing is known.</summary>
    public JournalScan()
        : this(new JournalReader(null, 0))
    {
    }

    /// <param name="reader">Where it begins: at a page's first byte, or exactly at the end of a record.</param>
    /// <param name="syncedLsn">The end of a record that is known to have been synced; 0 when nothing is known.</param>
    /// <param name="mayHaveHoles">
    /// Whether the machine may have lost power since the journal was written: then what was not synced may be there in part.
    /// </param>
    public JournalScan(JournalReader reader, long syncedLsn = 0, bool mayHaveHoles = false)
    {
        Reader = reader;
        _syncedLsn = syncedLsn;
        _mayHaveHoles = mayHaveHoles;
    }

    public JournalReader Reader { get; }

    /// <summary>Hands over the records up to the first damage, then looks for evidence.</summary>
    /// <returns>False when the verdict is certain and the rest need not be read.</returns>
    public bool Feed(ReadOnlySpan<byte> bytes, RecordHandler handler)
    {
        if (Reader.Damage is null)
        {
            var before = Reader.FedLsn;
            if (Reader.Feed(bytes, handler))
                return true;
            bytes = bytes[(int)(Reader.FedLsn - before)..];
            BeginSearch();
        }
        while (!IsCertain && !IsTornWhateverFollows)
        {
            var count = Math.Min(bytes.Length, Page.PageBytes - _filled);
            bytes[..count].CopyTo(_page.AsSpan(_filled));
            bytes = bytes[count..];
            _filled += count;
            if (_filled < Page.PageBytes)
                return true;
            SearchPage();
            _number++;
            _filled = 0;
            _from = Page.HeaderBytes;
        }
        return false;
    }

    /// <summary>The verdict, when the file has ended or <see cref="Feed"/> said that it is certain.</summary>
    public JournalVerdict Finish()
    {
        // a flipped length can make a fragment look unfinished where the file ends
        var isHeadUnfinished = Reader.Id is null && Reader.FedLsn < Page.StartOf(Page.NumberOf(Reader.ParsedLsn)) + SegmentHead.EndOffset;
        if (Reader.Damage is null && Reader.FedLsn > Reader.AppliedLsn && !isHeadUnfinished)
            BeginSearch();
        if (!IsCertain && _filled > 0)
            SearchPage();
        var endLsn = Reader.AppliedLsn;
        if (endLsn < _syncedLsn)
        {
            if (Reader.Damage is null)
                Reader.MarkMissing();
            return new JournalVerdict(JournalState.Corrupt, endLsn, Reader.Damage, _validAfterLsn);
        }
        var state = IsCertain ? JournalState.Corrupt
            : Reader.FedLsn == endLsn ? JournalState.Whole
            : JournalState.TornTail;
        return new JournalVerdict(state, endLsn, Reader.Damage, _validAfterLsn);
    }

    /// <summary>What is sealed and yet wrong was never torn, whatever follows.</summary>
    private bool IsCertain =>
        (_validAfterLsn is not null && !IsTornWhateverFollows)
        || Reader.Damage?.Kind is DamageKind.FragmentOrder or DamageKind.Record or DamageKind.AnotherJournal or DamageKind.Missing
            or DamageKind.UnknownFormat or DamageKind.NewerFormat;

    private bool IsTornWhateverFollows => _mayHaveHoles && Reader.AppliedLsn >= _syncedLsn;

    private void BeginSearch()
    {
        Reader.CurrentPage.CopyTo(_page);
        _filled = Reader.CurrentPage.Length;
        _number = Page.NumberOf(Reader.ParsedLsn);
        _isHeadDamaged = Reader.Id is null;
        // the bad fragment itself is no evidence, but where its header's length is bad the next may begin anywhere behind
        _from = Math.Max(Page.OffsetOf(Reader.ParsedLsn) + 1, Page.HeaderBytes);
    }

    private void SearchPage()
    {
        var page = _page.AsSpan(0, _filled);
        if (page.IndexOfAnyExcept((byte)0) < 0)
            return;
        if (_isHeadDamaged)
        {
            SearchWithoutId(page);
            return;
        }
        var reached = Reader.Epoch;
        SearchFragment(page, reached);
        if (page.Length < Page.HeaderBytes)
            return;
        Page.TryReadHeader(page, out var stored, out _);
        if (stored > reached)
            SearchFragment(page, stored);
        // the header may be what was hit, on the first page of an epoch
        if (stored != reached + 1)
            SearchFragment(page, reached + 1);
    }

    /// <summary>
    /// Without the head nothing can be checked but page headers. Anything that is not zero counts as evidence in the first
    /// page already: a file whose first write tore has nothing behind its first sector.
    /// </summary>
    private void SearchWithoutId(ReadOnlySpan<byte> page) => _validAfterLsn = Page.StartOf(_number) + page.IndexOfAnyExcept((byte)0);

    private void SearchFragment(ReadOnlySpan<byte> page, uint epoch)
    {
        var seed = Fragment.Seed(Reader.Id!.Value, epoch, _number);
        var headSeed = SegmentHead.Seed(epoch, _number);
        for (var at = _from; at + Fragment.MinBytes <= page.Length && _validAfterLsn is null; at++)
        {
            if (Fragment.TryReadHeader(page[at..], Page.PageBytes - at, out var type, out var dataBytes)
                && at + Fragment.HeaderBytes + dataBytes <= page.Length
                && Fragment.IsSealed(page.Slice(at, Fragment.HeaderBytes + dataBytes), type == FragmentType.Segment ? headSeed : seed))
                _validAfterLsn = Page.StartOf(_number) + at;
        }
    }
}
