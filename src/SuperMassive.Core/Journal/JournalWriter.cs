namespace SuperMassive.Core.Journal;

/// <summary>
/// Appends records to the journal's byte stream, in memory. The shell writes <see cref="Unwritten"/> at
/// <see cref="WrittenLsn"/> and says so by <see cref="MarkWritten"/>.
/// </summary>
/// <remarks>
/// A byte before <see cref="EndLsn"/> never changes any more: a page's header is made when its first record comes, and what
/// follows the last record in a page is made when the next one comes. So <see cref="EndLsn"/> is always the end of a record
/// or of padding, the same LSN that a <see cref="JournalReader"/> reports for it.
/// </remarks>
public sealed class JournalWriter
{
    private const int InitialBytes = 64 << 10;

    /// <summary>An emptied buffer larger than this is given back, so that one large record is not kept for ever.</summary>
    private const int KeptBytes = 4 << 20;

    private const int MaxFragmentDataBytes = Page.PayloadBytes - Fragment.HeaderBytes;

    /// <summary>More than a page can add to the data in it: its header, a segment's head, a fragment's header, filler.</summary>
    private const int MaxPageOverheadBytes = 64;

    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private uint _seed;

    /// <summary>Starts a new journal at LSN 0, in epoch 0 until <see cref="BeginEpoch"/>.</summary>
    public JournalWriter(JournalId id, long segmentPages = Page.SegmentPages)
    {
        Id = id;
        SegmentPages = segmentPages;
    }

    private JournalWriter(JournalId id, uint epoch, long endLsn, long dataBytes, long segmentPages)
        : this(id, segmentPages)
    {
        Epoch = epoch;
        WrittenLsn = endLsn;
        DataBytes = dataBytes;
        _seed = Fragment.Seed(id, epoch, Page.NumberOf(endLsn));
    }

    public JournalId Id { get; }

    public long SegmentPages { get; }

    /// <summary>Whether this is no journal but a checkpoint of one, which is made of the same pages.</summary>
    internal bool IsCheckpoint { private get; init; }

    /// <summary>The epoch of the page that the next record goes to.</summary>
    public uint Epoch { get; private set; }

    /// <summary>End of all that was appended.</summary>
    public long EndLsn => WrittenLsn + (_end - _start);

    /// <summary>End of all that the shell has written.</summary>
    public long WrittenLsn { get; private set; }

    /// <summary>The bytes from <see cref="WrittenLsn"/> to <see cref="EndLsn"/>. Valid until the next append.</summary>
    public ReadOnlySpan<byte> Unwritten => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Pages begun since the journal began.</summary>
    public long Pages => Page.CountFor(EndLsn);

    /// <summary>Bytes of records in them, without headers and padding.</summary>
    public long DataBytes { get; private set; }

    /// <summary>Continues a journal exactly at its end, also in the middle of a page.</summary>
    /// <param name="epoch">The epoch of the page that <paramref name="endLsn"/> lies in (<see cref="JournalReader.Epoch"/>).</param>
    /// <param name="endLsn">The end of its last whole record or padding (<see cref="JournalReader.AppliedLsn"/>).</param>
    /// <param name="dataBytes">What <see cref="DataBytes"/> goes on from (<see cref="JournalReader.DataBytes"/>).</param>
    public static JournalWriter Resume(JournalId id, uint epoch, long endLsn, long dataBytes = 0, long segmentPages = Page.SegmentPages) =>
        new(id, epoch, endLsn, dataBytes, segmentPages);

    /// <returns>At most so many bytes does the journal grow by a record of <paramref name="encodedBytes"/>.</returns>
    public static long MaxBytesFor(long encodedBytes) =>
        encodedBytes + (encodedBytes / MaxFragmentDataBytes + 2) * MaxPageOverheadBytes;

    /// <param name="lsn">Between <see cref="WrittenLsn"/> and <see cref="EndLsn"/>.</param>
    public void MarkWritten(long lsn)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lsn, WrittenLsn);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lsn, EndLsn);
        _start += (int)(lsn - WrittenLsn);
        WrittenLsn = lsn;
        if (_start != _end)
            return;
        _start = _end = 0;
        if (_buffer.Length > KeptBytes)
            _buffer = [];
    }

    /// <summary>Appends a record; what does not fit into the page goes on in the next ones.</summary>
    public void Append(in Record record)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(record.EncodedBytes, Record.MaxBytes, nameof(record));
        var length = (int)record.EncodedBytes;
        EnsureSpace(MaxBytesFor(length));
        var done = 0;
        while (done < length)
        {
            var room = EnterPage() - Fragment.HeaderBytes;
            var count = Math.Min(room, length - done);
            var fragment = _buffer.AsSpan(_end, Fragment.HeaderBytes + count);
            record.EncodeTo(fragment[Fragment.HeaderBytes..], done);
            Fragment.Seal(fragment, TypeOf(isFirst: done == 0, isLast: done + count == length), _seed);
            _end += fragment.Length;
            done += count;
        }
        DataBytes += length;
    }

    /// <summary>Leaves the current page, padded, so that the next record begins a page of the new epoch.</summary>
    /// <param name="epoch">Higher than every epoch before.</param>
    public void BeginEpoch(uint epoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(epoch, Epoch);
        var left = BytesLeftInPage;
        EnsureSpace(left);
        var padding = _buffer.AsSpan(_end, left);
        padding.Clear();
        if (left >= Fragment.MinBytes)
            Fragment.Seal(padding, FragmentType.Pad, _seed);
        _end += left;
        Epoch = epoch;
    }

    private int BytesLeftInPage => Page.OffsetOf(EndLsn) is var offset && offset == 0 ? 0 : Page.PageBytes - offset;

    private static FragmentType TypeOf(bool isFirst, bool isLast) => (isFirst, isLast) switch
    {
        (true, true) => FragmentType.Full,
        (true, false) => FragmentType.First,
        (false, false) => FragmentType.Middle,
        (false, true) => FragmentType.Last,
    };

    /// <summary>Begins the next page when there is no room for a fragment in this one.</summary>
    /// <returns>Bytes left in the page, at least <see cref="Fragment.MinBytes"/>.</returns>
    private int EnterPage()
    {
        var left = BytesLeftInPage;
        if (left >= Fragment.MinBytes)
            return left;
        _buffer.AsSpan(_end, left).Clear();
        _end += left;
        var page = Page.NumberOf(EndLsn);
        Page.WriteHeader(_buffer.AsSpan(_end), Epoch, page);
        _seed = Fragment.Seed(Id, Epoch, page);
        _end += Page.HeaderBytes;
        if (!Page.BeginsSegment(page, SegmentPages))
            return Page.PayloadBytes;
        SegmentHead.Write(_buffer.AsSpan(_end), IsCheckpoint ? SegmentHead.CheckpointMagic : SegmentHead.Magic, Id, Epoch, page);
        _end += SegmentHead.FragmentBytes;
        return Page.PageBytes - SegmentHead.EndOffset;
    }

    private void EnsureSpace(long count)
    {
        if (_buffer.Length - _end >= count)
            return;
        var used = _end - _start;
        var needed = used + count;
        var to = _buffer;
        if (needed > Array.MaxLength)
            throw new InvalidOperationException($"{needed} bytes of the journal wait to be written, more than one array holds.");
        if (needed > _buffer.Length / 2)
        {
            var doubled = Math.Min(Math.Max(InitialBytes, _buffer.Length * 2L), Array.MaxLength);
            to = GC.AllocateUninitializedArray<byte>((int)Math.Max(needed, doubled));
        }
        _buffer.AsSpan(_start, used).CopyTo(to);
        _buffer = to;
        _start = 0;
        _end = used;
    }
}
