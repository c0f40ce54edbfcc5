using System.Buffers.Binary;

namespace SuperMassive.Core.Journal;

/// <summary>What a fragment holds. Persisted: numbers are only ever added.</summary>
public enum FragmentType : byte
{
    /// <summary>A whole record.</summary>
    Full = 1,

    /// <summary>The beginning of a record that goes on in the next page.</summary>
    First = 2,

    Middle = 3,

    Last = 4,

    /// <summary>Zeros up to the end of the page, which is left because the next page belongs to a new epoch.</summary>
    Pad = 5,

    /// <summary>Names the journal, at the beginning of every segment.</summary>
    Segment = 6,
}

/// <summary>
/// What a page's payload is made of: <c>crc32c u32 | length u16 | type u8 | data</c>, at least one byte of data. Where fewer
/// than <see cref="MinBytes"/> are left in a page, they are zero.
/// </summary>
/// <remarks>
/// The checksum covers length, type and data and is seeded with the journal's id, the page's epoch and its number: bytes of
/// another journal, of an overwritten epoch or from another place never validate.
/// </remarks>
public static class Fragment
{
    public const int HeaderBytes = 7;

    public const int MinBytes = HeaderBytes + 1;

    public static uint Seed(JournalId id, uint epoch, long page)
    {
        Span<byte> seed = stackalloc byte[JournalId.Bytes + 12];
        id.Write(seed);
        BinaryPrimitives.WriteUInt32LittleEndian(seed[JournalId.Bytes..], epoch);
        BinaryPrimitives.WriteInt64LittleEndian(seed[(JournalId.Bytes + 4)..], page);
        return Checksum.Add(Checksum.Start, seed);
    }

    /// <summary>Writes the header before data that is in place already.</summary>
    /// <param name="fragment">Header and data, nothing else.</param>
    public static void Seal(Span<byte> fragment, FragmentType type, uint seed)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(fragment[4..], (ushort)(fragment.Length - HeaderBytes));
        fragment[6] = (byte)type;
        BinaryPrimitives.WriteUInt32LittleEndian(fragment, Checksum.Finish(Checksum.Add(seed, fragment[4..])));
    }

    /// <summary>Reads a header of which <see cref="HeaderBytes"/> are there.</summary>
    /// <param name="bytesLeft">From the fragment's first byte to the end of its page.</param>
    /// <returns>Whether such a fragment can stand there. <see cref="IsSealed"/> checks it once its data is there.</returns>
    public static bool TryReadHeader(ReadOnlySpan<byte> from, int bytesLeft, out FragmentType type, out int dataBytes)
    {
        dataBytes = BinaryPrimitives.ReadUInt16LittleEndian(from[4..]);
        type = (FragmentType)from[6];
        return dataBytes >= 1 && dataBytes <= bytesLeft - HeaderBytes && type is >= FragmentType.Full and <= FragmentType.Segment;
    }

    /// <param name="fragment">Header and data, nothing else.</param>
    public static bool IsSealed(ReadOnlySpan<byte> fragment, uint seed) =>
        BinaryPrimitives.ReadUInt32LittleEndian(fragment) == Checksum.Finish(Checksum.Add(seed, fragment[4..]));
}
