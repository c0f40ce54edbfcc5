using System.Buffers.Binary;

namespace SuperMassive.Core.Journal;

/// <summary>
/// The first record of a checkpoint: what its journal amounts to at the LSN that a replay goes on from, but for the table.
/// </summary>
/// <remarks>
/// Value of the record: <c>1 u8 | LSN i64 | journal id 16 bytes | epoch u32 | data bytes i64 | fence 16 bytes | known u64 | purged u64 |
/// highest u64 | epochs u32 | epochs</c>, each as an <see cref="EpochRecord"/>.
/// </remarks>
public sealed record CheckpointHeader
{
    internal const byte Form = 1;

    private const int FixedBytes = 1 + 8 + Journal.JournalId.Bytes + 4 + 8 + FenceRecord.Bytes + 3 * 8 + 4;

    /// <summary>The end of a record: replaying the journal from here over the checkpoint gives what the whole journal gives.</summary>
    public required long Lsn { get; init; }

    public required JournalId JournalId { get; init; }

    /// <summary>The epoch of the page that <see cref="Lsn"/> ends in.</summary>
    public required uint Epoch { get; init; }

    /// <summary>Bytes of the journal's records before <see cref="Lsn"/>, without headers and padding.</summary>
    public required long DataBytes { get; init; }

    public required FenceRecord Fence { get; init; }

    public required Version KnownThrough { get; init; }

    public required Version PurgedThrough { get; init; }

    public required Version HighestVersion { get; init; }

    /// <summary>Every start of the primary before <see cref="Lsn"/>, oldest first.</summary>
    public required IReadOnlyList<EpochRecord> History { get; init; }

    /// <summary>
    /// What its pages are sealed with: another id than the journal's and than any other checkpoint's, so that no page of the one
    /// ever validates as a page of the other.
    /// </summary>
    internal JournalId StreamId => new(~JournalId.Value ^ (ulong)Lsn);

    internal byte[] Encode()
    {
        var bytes = new byte[FixedBytes + History.Count * EpochRecord.Bytes];
        var to = bytes.AsSpan();
        to[0] = Form;
        BinaryPrimitives.WriteInt64LittleEndian(to[1..], Lsn);
        JournalId.Write(to[9..]);
        BinaryPrimitives.WriteUInt32LittleEndian(to[25..], Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(to[29..], DataBytes);
        Fence.Write(to[37..]);
        BinaryPrimitives.WriteUInt64LittleEndian(to[53..], KnownThrough.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(to[61..], PurgedThrough.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(to[69..], HighestVersion.Value);
        BinaryPrimitives.WriteInt32LittleEndian(to[77..], History.Count);
        for (var i = 0; i < History.Count; i++)
            History[i].Write(to[(FixedBytes + i * EpochRecord.Bytes)..]);
        return bytes;
    }

    /// <returns>Null when the bytes are no header.</returns>
    internal static CheckpointHeader? Decode(ReadOnlySpan<byte> value)
    {
        if (value.Length < FixedBytes || value[0] != Form)
            return null;
        var epochs = value[FixedBytes..];
        if (epochs.Length != BinaryPrimitives.ReadUInt32LittleEndian(value[77..]) * (long)EpochRecord.Bytes)
            return null;
        var history = new EpochRecord[epochs.Length / EpochRecord.Bytes];
        for (var i = 0; i < history.Length; i++)
            EpochRecord.TryRead(epochs.Slice(i * EpochRecord.Bytes, EpochRecord.Bytes), out history[i]);
        FenceRecord.TryRead(value.Slice(37, FenceRecord.Bytes), out var fence);
        var lsn = BinaryPrimitives.ReadInt64LittleEndian(value[1..]);
        return lsn < 0 ? null : new CheckpointHeader
        {
            Lsn = lsn,
            JournalId = JournalId.Read(value[9..]),
            Epoch = BinaryPrimitives.ReadUInt32LittleEndian(value[25..]),
            DataBytes = BinaryPrimitives.ReadInt64LittleEndian(value[29..]),
            Fence = fence,
            KnownThrough = new Version(BinaryPrimitives.ReadUInt64LittleEndian(value[53..])),
            PurgedThrough = new Version(BinaryPrimitives.ReadUInt64LittleEndian(value[61..])),
            HighestVersion = new Version(BinaryPrimitives.ReadUInt64LittleEndian(value[69..])),
            History = history,
        };
    }
}
