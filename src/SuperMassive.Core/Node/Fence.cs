using System.Buffers.Binary;

namespace SuperMassive.Core.Node;

/// <summary>
/// Which cluster process this node obeys. Only rises, and is journalled before it is answered, so that an older process that
/// wakes up can change nothing, whatever was restarted in between.
/// </summary>
public readonly record struct Fence(ulong ClusterId, long Epoch)
{
    public const int EncodedBytes = 16;

    public void Encode(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, ClusterId);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], Epoch);
    }

    public static Fence Decode(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(source), BinaryPrimitives.ReadInt64LittleEndian(source[8..]));
}
