using System.Buffers.Binary;

namespace SuperMassive.Core.Journal;

/// <summary>
/// The value of an <see cref="RecordKind.Epoch"/> record: <c>number u32 | history 16 bytes | start LSN i64 | parent 16 bytes</c>.
/// Every start of a primary writes one first, so a copy that holds another history at the same LSN is known to have diverged.
/// </summary>
/// <param name="StartLsn">Where the parent's last record ends; padding up to the page of this record follows.</param>
/// <param name="Parent">The history that this one continues; zero for the first.</param>
public readonly record struct EpochRecord(uint Number, HistoryId History, long StartLsn, HistoryId Parent)
{
    public const int Bytes = 4 + HistoryId.Bytes + 8 + HistoryId.Bytes;

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, Number);
        History.Write(to[4..]);
        BinaryPrimitives.WriteInt64LittleEndian(to[20..], StartLsn);
        Parent.Write(to[28..]);
    }

    /// <returns>False when the length is not <see cref="Bytes"/>.</returns>
    public static bool TryRead(ReadOnlySpan<byte> value, out EpochRecord record)
    {
        record = default;
        if (value.Length != Bytes)
            return false;
        record = new EpochRecord(
            BinaryPrimitives.ReadUInt32LittleEndian(value),
            HistoryId.Read(value[4..]),
            BinaryPrimitives.ReadInt64LittleEndian(value[20..]),
            HistoryId.Read(value[28..]));
        return true;
    }
}
