using System.Buffers.Binary;

namespace SuperMassive.Core.Journal;

/// <summary>
/// A mutation's result and version, as it is journalled and sent to replicas:
/// <c>kind u8 | version u64 | key length u32 | key | value</c>. The value takes the rest.
/// </summary>
public readonly ref struct Record(RecordKind kind, Version version, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
{
    public const int HeadBytes = 13;

    /// <summary>No record is longer, whatever the configured limits say.</summary>
    public const int MaxBytes = 1 << 30;

    public RecordKind Kind { get; } = kind;

    public Version Version { get; } = version;

    public ReadOnlySpan<byte> Key { get; } = key;

    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>Bytes of the encoded record.</summary>
    public long EncodedBytes => HeadBytes + (long)Key.Length + Value.Length;

    /// <summary>Decodes a whole record; key and value point into <paramref name="bytes"/>.</summary>
    /// <returns>False for a kind that this build does not know or a length that does not fit.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out Record record)
    {
        record = default;
        if (bytes.Length < HeadBytes || bytes[0] is < (byte)RecordKind.Put or > (byte)RecordKind.Known)
            return false;
        var keyBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[9..]);
        if (keyBytes > bytes.Length - HeadBytes)
            return false;
        var version = new Version(BinaryPrimitives.ReadUInt64LittleEndian(bytes[1..]));
        record = new Record((RecordKind)bytes[0], version, bytes.Slice(HeadBytes, (int)keyBytes), bytes[(HeadBytes + (int)keyBytes)..]);
        return true;
    }

    /// <summary>Encodes the part of the record that begins at <paramref name="from"/> and fills <paramref name="to"/>.</summary>
    internal void EncodeTo(Span<byte> to, int from)
    {
        if (from < HeadBytes)
        {
            Span<byte> head = stackalloc byte[HeadBytes];
            head[0] = (byte)Kind;
            BinaryPrimitives.WriteUInt64LittleEndian(head[1..], Version.Value);
            BinaryPrimitives.WriteUInt32LittleEndian(head[9..], (uint)Key.Length);
            to = CopyPart(head, from, to);
        }
        to = CopyPart(Key, Math.Max(from - HeadBytes, 0), to);
        CopyPart(Value, Math.Max(from - HeadBytes - Key.Length, 0), to);
    }

    /// <returns>What of <paramref name="to"/> is left to fill.</returns>
    private static Span<byte> CopyPart(scoped ReadOnlySpan<byte> part, int from, Span<byte> to)
    {
        if (from >= part.Length)
            return to;
        var count = Math.Min(part.Length - from, to.Length);
        part.Slice(from, count).CopyTo(to);
        return to[count..];
    }
}
