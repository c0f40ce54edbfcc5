using System.Buffers.Binary;

namespace SuperMassive.Core.Journal;

/// <summary>
/// The value of a <see cref="RecordKind.Fence"/> record, <c>cluster id u64 | epoch i64</c>: lower epochs are refused from then on.
/// </summary>
public readonly record struct FenceRecord(ulong ClusterId, long Epoch)
{
    public const int Bytes = 16;

    /// <summary>
    /// Whether who says JOIN with <paramref name="other"/> must be refused by who obeys this. Of two with the same epoch the first stays.
    /// </summary>
    public bool Outranks(FenceRecord other) => other.Epoch < Epoch || (other.Epoch == Epoch && other.ClusterId != ClusterId);

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(to, ClusterId);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], Epoch);
    }

    /// <returns>False when the length is not <see cref="Bytes"/>.</returns>
    public static bool TryRead(ReadOnlySpan<byte> value, out FenceRecord record)
    {
        record = default;
        if (value.Length != Bytes)
            return false;
        record = new FenceRecord(BinaryPrimitives.ReadUInt64LittleEndian(value), BinaryPrimitives.ReadInt64LittleEndian(value[8..]));
        return true;
    }
}
