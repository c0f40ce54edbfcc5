using System.Buffers.Binary;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Node.Replication;

/// <summary>
/// The entries of a range of key hashes, without their values: <c>digest 16 bytes | key length u32 | key</c> each,
/// little-endian.
/// </summary>
internal sealed class EntryList(NodeData data)
{
    /// <summary>A list ends with the slice in which it gets longer than this, which adds 1 MiB at most.</summary>
    private const int EnoughBytes = 64 << 10;
    private const int SliceEntries = 16;
    private const int HeadBytes = 16 + sizeof(uint);

    private byte[] _bytes = [];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <param name="from">A cursor of <see cref="HashTable.Scan"/>; the list begins there.</param>
    /// <param name="to">The cursor that the list does not go beyond.</param>
    /// <returns>Up to where it went.</returns>
    public ulong Fill(ulong from, ulong to)
    {
        _length = 0;
        while (from < to && _length < EnoughBytes)
        {
            from = data.Table.Scan(from, SliceEntries, (in Entry entry) =>
            {
                var hash = data.Table.Hash(entry.Key);
                if (hash >> 32 < to)
                    Add(hash, entry);
            });
            if (from == 0)
                from = to;
        }
        return Math.Min(from, to);
    }

    /// <summary>Takes the first entry off <paramref name="bytes"/>.</summary>
    /// <returns>False when they are none.</returns>
    public static bool TryRead(ref ReadOnlySpan<byte> bytes, out UInt128 digest, out ReadOnlySpan<byte> key)
    {
        digest = default;
        key = default;
        if (bytes.Length < HeadBytes)
            return false;
        digest = BinaryPrimitives.ReadUInt128LittleEndian(bytes);
        var keyBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]);
        if (keyBytes == 0 || keyBytes > bytes.Length - HeadBytes)
            return false;
        key = bytes.Slice(HeadBytes, (int)keyBytes);
        bytes = bytes[(HeadBytes + (int)keyBytes)..];
        return true;
    }

    private void Add(ulong hash, in Entry entry)
    {
        var needed = _length + HeadBytes + entry.Key.Length;
        if (needed > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(needed, 2 * EnoughBytes));
        var to = _bytes.AsSpan(_length);
        BinaryPrimitives.WriteUInt128LittleEndian(to, EntryDigest.Of(hash, entry));
        BinaryPrimitives.WriteUInt32LittleEndian(to[16..], (uint)entry.Key.Length);
        entry.Key.CopyTo(to[HeadBytes..]);
        _length = needed;
    }
}
