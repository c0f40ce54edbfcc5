using System.Buffers.Binary;
using System.Diagnostics;

namespace SuperMassive.Core.Storage;

/// <summary>
/// What a table holds, added up in buckets: equal for equal tables, whatever led to them, and kept at a constant cost per change.
/// </summary>
/// <remarks>
/// A bucket is a range of key hashes, so that <see cref="HashTable.Scan"/> finds a bucket's entries one after the other. Sums wrap
/// around, which makes taking an entry off exact.
/// </remarks>
public sealed class TableDigests
{
    public const int Buckets = 1 << BucketBits;

    /// <summary>Of all sums, little-endian, from the first bucket to the last.</summary>
    public const int Bytes = Buckets * SumBytes;

    private const int BucketBits = 10;
    private const int SumBytes = 16;

    private readonly UInt128[] _sums = new UInt128[Buckets];

    /// <summary>The bucket of a key's hash.</summary>
    public static int BucketOf(ulong keyHash) => (int)(keyHash >> (64 - BucketBits));

    /// <summary>
    /// Where <see cref="HashTable.Scan"/> begins with a bucket's entries; for <see cref="Buckets"/>, where the table ends.
    /// </summary>
    public static ulong CursorOf(int bucket) => (ulong)bucket << (32 - BucketBits);

    public UInt128 this[int bucket] => _sums[bucket];

    /// <summary>The table now holds this entry.</summary>
    public void Add(ulong keyHash, in Entry entry) => _sums[BucketOf(keyHash)] += EntryDigest.Of(keyHash, entry);

    /// <summary>The table is about to forget or replace this entry.</summary>
    public void Remove(ulong keyHash, in Entry entry) => _sums[BucketOf(keyHash)] -= EntryDigest.Of(keyHash, entry);

    public void Clear() => Array.Clear(_sums);

    /// <param name="to"><see cref="Bytes"/> bytes.</param>
    public void Write(Span<byte> to)
    {
        for (var bucket = 0; bucket < Buckets; bucket++)
            BinaryPrimitives.WriteUInt128LittleEndian(to[(bucket * SumBytes)..], _sums[bucket]);
    }

    /// <summary>Lists the buckets that another table's digests, as <see cref="Write"/> wrote them, do not agree with.</summary>
    public void Compare(ReadOnlySpan<byte> others, List<int> differing)
    {
        Debug.Assert(others.Length == Bytes, "both have the same number of buckets");
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            if (BinaryPrimitives.ReadUInt128LittleEndian(others[(bucket * SumBytes)..]) != _sums[bucket])
                differing.Add(bucket);
        }
    }
}
