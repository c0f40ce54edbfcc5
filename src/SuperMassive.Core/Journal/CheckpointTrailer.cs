using System.Buffers.Binary;

namespace SuperMassive.Core.Journal;

/// <summary>
/// The last record of a checkpoint, without which it is none; value <c>2 u8 | end LSN i64 | records i64</c>.
/// </summary>
/// <param name="EndLsn">
/// Where the journal ended when the walk through the table did: nothing in the checkpoint is younger. A journal that ends before
/// it has lost synced bytes.
/// </param>
/// <param name="Records">How many entries of the table the checkpoint holds.</param>
public readonly record struct CheckpointTrailer(long EndLsn, long Records)
{
    internal const byte Form = 2;
    internal const int Bytes = 1 + 8 + 8;

    internal void Write(Span<byte> to)
    {
        to[0] = Form;
        BinaryPrimitives.WriteInt64LittleEndian(to[1..], EndLsn);
        BinaryPrimitives.WriteInt64LittleEndian(to[9..], Records);
    }

    internal static bool TryRead(ReadOnlySpan<byte> value, out CheckpointTrailer trailer)
    {
        trailer = default;
        if (value.Length != Bytes || value[0] != Form)
            return false;
        trailer = new CheckpointTrailer(
            BinaryPrimitives.ReadInt64LittleEndian(value[1..]), BinaryPrimitives.ReadInt64LittleEndian(value[9..]));
        return true;
    }
}
