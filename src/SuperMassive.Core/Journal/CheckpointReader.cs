namespace SuperMassive.Core.Journal;

/// <summary>
/// Decodes a checkpoint, in whatever pieces it comes: from the file at recovery, from the primary on a replica. What it hands over
/// counts only once <see cref="IsComplete"/>.
/// </summary>
/// <remarks>Memory follows the bytes that arrived, never a length that they claim.</remarks>
public sealed class CheckpointReader
{
    private readonly JournalReader _pages;
    private readonly RecordHandler _take;
    private readonly JournalId? _expectedId;
    private RecordHandler? _handler;
    private JournalDamage? _damage;

    /// <param name="expectedId">The journal that it must be a checkpoint of; null for any.</param>
    public CheckpointReader(JournalId? expectedId = null)
    {
        _expectedId = expectedId;
        _pages = new JournalReader(null, 0, segmentPages: long.MaxValue) { IsCheckpoint = true };
        _take = Take;
    }

    /// <summary>Null until it was read.</summary>
    public CheckpointHeader? Header { get; private set; }

    /// <summary>Null until it was read.</summary>
    public CheckpointTrailer? Trailer { get; private set; }

    /// <summary>Entries handed over.</summary>
    public long Records { get; private set; }

    /// <summary>Bytes of the file taken: where the next ones must come from.</summary>
    public long FedBytes => _pages.FedLsn;

    /// <summary>Why nothing more is taken; null while all is well. LSN and page are counted from the file's first byte.</summary>
    public JournalDamage? Damage => _damage ?? _pages.Damage;

    /// <summary>Everything was read, intact, from the header to the trailer, and nothing follows.</summary>
    public bool IsComplete => Trailer is not null && Damage is null && _pages.FedLsn == _pages.AppliedLsn;

    /// <summary>Takes the bytes that follow <see cref="FedBytes"/> and hands over the PUT and TOMBSTONE records they complete.</summary>
    /// <param name="handler">Its LSN is the record's end in this file.</param>
    /// <returns>False when they are damaged: <see cref="Damage"/> says how, and nothing is taken any more.</returns>
    public bool Feed(ReadOnlySpan<byte> bytes, RecordHandler handler)
    {
        if (Damage is not null)
            return false;
        if (Trailer is not null && !bytes.IsEmpty)
            Fail(_pages.FedLsn, DamageKind.FragmentOrder);
        _handler = handler;
        if (Damage is null)
            _pages.Feed(bytes, _take);
        if (Trailer is not null && _pages.FedLsn > _pages.AppliedLsn)
            Fail(_pages.AppliedLsn, DamageKind.FragmentOrder);
        return Damage is null;
    }

    private void Take(in Record record, long endLsn)
    {
        if (_damage is not null)
            return;
        if (Trailer is not null)
            Fail(endLsn, DamageKind.FragmentOrder);
        else if (Header is null)
            TakeHeader(record, endLsn);
        else if (record.Kind == RecordKind.Checkpoint)
            TakeTrailer(record, endLsn);
        else if (record.Kind is RecordKind.Put or RecordKind.Tombstone && record.Key.Length > 0)
        {
            Records++;
            _handler!(in record, endLsn);
        }
        else
            Fail(endLsn, DamageKind.Record);
    }

    private void TakeHeader(in Record record, long endLsn)
    {
        var header = record.Kind == RecordKind.Checkpoint ? CheckpointHeader.Decode(record.Value) : null;
        if (header is null)
            Fail(endLsn, DamageKind.Record);
        else if (header.StreamId != _pages.Id || (_expectedId is { } id && id != header.JournalId))
            Fail(endLsn, DamageKind.AnotherJournal);
        else
            Header = header;
    }

    private void TakeTrailer(in Record record, long endLsn)
    {
        if (CheckpointTrailer.TryRead(record.Value, out var trailer) && trailer.Records == Records && trailer.EndLsn >= Header!.Lsn)
            Trailer = trailer;
        else
            Fail(endLsn, DamageKind.Record);
    }

    private void Fail(long at, DamageKind kind) => _damage ??= new JournalDamage(at, Page.NumberOf(at), kind);
}
