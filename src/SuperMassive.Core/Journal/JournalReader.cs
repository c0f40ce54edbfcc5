namespace SuperMassive.Core.Journal;

/// <summary>Takes a decoded record. Key and value are valid only until it returns.</summary>
/// <param name="endLsn">The LSN after the record's last byte.</param>
public delegate void RecordHandler(in Record record, long endLsn);

/// <summary>
/// Decodes the journal's byte stream, in whatever pieces it comes: from the file at recovery, from the primary on a replica.
/// </summary>
/// <remarks>Memory follows the bytes that arrived, never a length that they claim.</remarks>
public sealed class JournalReader
{
    private readonly byte[] _page = new byte[Page.PageBytes];
    private readonly PartialRecord _partial = new();
    private readonly long _segmentPages;
    private long _number;
    private int _filled;
    private int _parsed;
    private uint _pageEpoch;
    private uint _seed;

    /// <summary>A record that began before the start is passed over until its end.</summary>
    private bool _isPassingOver;

    /// <summary>Starts at the beginning of a page, with the first record that begins there or after it.</summary>
    /// <param name="expectedId">The journal's id. Null to learn it, which needs a segment's first page.</param>
    /// <param name="startLsn">A page's first byte.</param>
    public JournalReader(JournalId? expectedId, long startLsn, long segmentPages = Page.SegmentPages)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(startLsn);
        ArgumentOutOfRangeException.ThrowIfNotEqual(Page.OffsetOf(startLsn), 0, nameof(startLsn));
        if (expectedId is null && !Page.BeginsSegment(Page.NumberOf(startLsn), segmentPages))
            throw new ArgumentException($"LSN {startLsn} does not begin a segment, so the journal's id must be given.", nameof(expectedId));
        Id = expectedId;
        _segmentPages = segmentPages;
        AppliedLsn = startLsn;
        _number = Page.NumberOf(startLsn);
        _isPassingOver = startLsn > 0;
    }

    private JournalReader(JournalId id, uint epoch, long endLsn, long dataBytes, long segmentPages)
    {
        Id = id;
        _segmentPages = segmentPages;
        Epoch = _pageEpoch = epoch;
        AppliedLsn = endLsn;
        DataBytes = dataBytes;
        _number = Page.NumberOf(endLsn);
        _filled = _parsed = Page.OffsetOf(endLsn);
        _seed = Fragment.Seed(id, epoch, _number);
    }

    /// <summary>End of all bytes taken.</summary>
    public long FedLsn => Page.StartOf(_number) + _filled;

    /// <summary>
    /// End of the last whole record, or of padding or a segment's head after it: where the journal could be cut and continued.
    /// </summary>
    public long AppliedLsn { get; private set; }

    /// <summary>The epoch of the page that <see cref="AppliedLsn"/> ends in.</summary>
    public uint Epoch { get; private set; }

    /// <summary>The journal's id, once it is known.</summary>
    public JournalId? Id { get; private set; }

    /// <summary>Bytes of the whole records read, without headers and padding.</summary>
    public long DataBytes { get; private set; }

    /// <summary>Why nothing more is taken; null while all is well.</summary>
    public JournalDamage? Damage { get; private set; }

    /// <summary>Whether it reads no journal but a checkpoint of one, which is made of the same pages.</summary>
    internal bool IsCheckpoint { private get; init; }

    /// <summary>The bytes of the current page that were taken.</summary>
    internal ReadOnlySpan<byte> CurrentPage => _page.AsSpan(0, _filled);

    /// <summary>First byte of the header or fragment that is damaged or still incomplete.</summary>
    internal long ParsedLsn => Page.StartOf(_number) + _parsed;

    /// <summary>Goes on exactly at the end of a record, also in the middle of a page.</summary>
    /// <param name="epoch">The epoch of the page that <paramref name="endLsn"/> ends in (<see cref="Epoch"/>).</param>
    /// <param name="endLsn">Where an earlier reader's <see cref="AppliedLsn"/>, or a writer's end, was.</param>
    public static JournalReader Resume(JournalId id, uint epoch, long endLsn, long dataBytes = 0, long segmentPages = Page.SegmentPages) =>
        new(id, epoch, endLsn, dataBytes, segmentPages);

    /// <summary>Takes the bytes that follow <see cref="FedLsn"/> and hands over the records they complete.</summary>
    /// <returns>False when they are damaged: <see cref="Damage"/> says how, and nothing is taken any more.</returns>
    public bool Feed(ReadOnlySpan<byte> bytes, RecordHandler handler)
    {
        while (Damage is null && !bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, Page.PageBytes - _filled);
            bytes[..count].CopyTo(_page.AsSpan(_filled));
            bytes = bytes[count..];
            _filled += count;
            Parse(handler);
            if (_parsed < Page.PageBytes)
                continue;
            _number++;
            _filled = _parsed = 0;
        }
        return Damage is null;
    }

    /// <summary>The bytes that should follow are not there, which makes what was read the end.</summary>
    internal void MarkMissing() => Fail(DamageKind.Missing);

    /// <summary>Reads what is complete in the page.</summary>
    private void Parse(RecordHandler handler)
    {
        if (_parsed == 0 && !TryEnterPage())
            return;
        while (Damage is null)
        {
            var left = Page.PageBytes - _parsed;
            var here = _page.AsSpan(_parsed, _filled - _parsed);
            if (left < Fragment.MinBytes)
            {
                PassFiller(here, left);
                return;
            }
            if (here.Length < Fragment.HeaderBytes)
                return;
            if (!Fragment.TryReadHeader(here, left, out var type, out var dataBytes))
            {
                Fail(DamageKind.FragmentChecksum);
                return;
            }
            if (here.Length < Fragment.HeaderBytes + dataBytes)
                return;
            var fragment = here[..(Fragment.HeaderBytes + dataBytes)];
            if (Check(type, fragment) is { } kind)
                Fail(kind);
            else
                Take(type, fragment[Fragment.HeaderBytes..], handler);
        }
    }

    private bool TryEnterPage()
    {
        if (_filled < Page.HeaderBytes)
            return false;
        if (!Page.TryReadHeader(_page, out var epoch, out var number))
            return Fail(DamageKind.PageChecksum);
        if (number != _number)
            return Fail(DamageKind.PageNumber);
        if (epoch < _pageEpoch)
            return Fail(DamageKind.PageEpoch);
        if (epoch > _pageEpoch && _partial.IsOpen)
            return Fail(DamageKind.FragmentOrder);
        // no record goes on into a new epoch, so behind the page that reading began with there is none to pass over
        if (epoch > _pageEpoch && Page.StartOf(number) > AppliedLsn)
            _isPassingOver = false;
        _pageEpoch = epoch;
        if (Id is { } id)
            _seed = Fragment.Seed(id, epoch, number);
        _parsed = Page.HeaderBytes;
        return true;
    }

    private void PassFiller(ReadOnlySpan<byte> filler, int length)
    {
        if (filler.IndexOfAnyExcept((byte)0) >= 0)
            Fail(DamageKind.FragmentChecksum);
        else if (filler.Length == length)
            _parsed = Page.PageBytes;
    }

    /// <returns>What is wrong with a complete fragment by itself; null when nothing is.</returns>
    private DamageKind? Check(FragmentType type, ReadOnlySpan<byte> fragment)
    {
        var mustNameJournal = _parsed == Page.HeaderBytes && Page.BeginsSegment(_number, _segmentPages);
        if (mustNameJournal != (type == FragmentType.Segment))
            return Id is not null && Fragment.IsSealed(fragment, _seed) ? DamageKind.FragmentOrder : DamageKind.FragmentChecksum;
        if (!mustNameJournal)
            return Fragment.IsSealed(fragment, _seed) ? null : DamageKind.FragmentChecksum;
        if (!Fragment.IsSealed(fragment, SegmentHead.Seed(_pageEpoch, _number)))
            return DamageKind.FragmentChecksum;
        var head = fragment[Fragment.HeaderBytes..];
        if (SegmentHead.Judge(head, IsCheckpoint ? SegmentHead.CheckpointMagic : SegmentHead.Magic) is { } kind)
            return kind;
        return Id is { } id && id != SegmentHead.ReadId(head) ? DamageKind.AnotherJournal : null;
    }

    private void Take(FragmentType type, ReadOnlySpan<byte> data, RecordHandler handler)
    {
        var end = ParsedLsn + Fragment.HeaderBytes + data.Length;
        var isWhole = true;
        if (type == FragmentType.Segment)
        {
            Id = SegmentHead.ReadId(data);
            _seed = Fragment.Seed(Id.Value, _pageEpoch, _number);
            isWhole = !_partial.IsOpen && !_isPassingOver;
        }
        else if (_isPassingOver && type is FragmentType.Middle or FragmentType.Last)
        {
            isWhole = type == FragmentType.Last;
            _isPassingOver = !isWhole;
        }
        else if (type == FragmentType.Pad)
        {
            _isPassingOver = false;
            if (_partial.IsOpen)
                Fail(DamageKind.FragmentOrder);
        }
        else
        {
            _isPassingOver = false;
            isWhole = TakeRecordPart(type, data, end, handler);
        }
        if (Damage is not null)
            return;
        _parsed += Fragment.HeaderBytes + data.Length;
        if (!isWhole)
            return;
        AppliedLsn = end;
        Epoch = _pageEpoch;
    }

    /// <returns>Whether it completed a record.</returns>
    private bool TakeRecordPart(FragmentType type, ReadOnlySpan<byte> data, long end, RecordHandler handler)
    {
        if (_partial.IsOpen == type is FragmentType.Full or FragmentType.First)
            return Fail(DamageKind.FragmentOrder);
        if (type != FragmentType.Full)
        {
            if (!_partial.TryAdd(data))
                return Fail(DamageKind.Record);
            if (type != FragmentType.Last)
                return false;
            data = _partial.Bytes;
        }
        if (!Record.TryDecode(data, out var record))
            return Fail(DamageKind.Record);
        DataBytes += data.Length;
        handler(in record, end);
        _partial.Clear();
        return true;
    }

    private bool Fail(DamageKind kind)
    {
        Damage = new JournalDamage(ParsedLsn, _number, kind);
        return false;
    }
}
