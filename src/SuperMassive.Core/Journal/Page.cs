using System.Buffers.Binary;

namespace SuperMassive.Core.Journal;

/// <summary>
/// The unit of the journal: a header written once, <c>crc32c u32 | epoch u32 | page u64</c>, then the payload. Page numbers
/// are absolute for ever; an LSN is a byte offset in the stream of pages, headers included. Integers are little-endian.
/// </summary>
public static class Page
{
    public const int PageBytes = HeaderBytes + PayloadBytes;

    public const int HeaderBytes = 16;

    public const int PayloadBytes = 1024;

    /// <summary>
    /// A segment is this many pages where nothing else is said; its first begins with a fragment naming the journal
    /// (<see cref="SegmentHead"/>). Writer and readers of one journal must agree on it.
    /// </summary>
    public const long SegmentPages = 64 << 10;

    public static long NumberOf(long lsn) => lsn / PageBytes;

    /// <summary>Where in its page an LSN lies, counted from the page's header.</summary>
    public static int OffsetOf(long lsn) => (int)(lsn % PageBytes);

    /// <summary>The LSN of a page's first byte.</summary>
    public static long StartOf(long page) => page * PageBytes;

    /// <summary>How many pages hold the bytes before <paramref name="lsn"/>.</summary>
    public static long CountFor(long lsn) => (lsn + PageBytes - 1) / PageBytes;

    public static bool BeginsSegment(long page, long segmentPages = SegmentPages) => page % segmentPages == 0;

    public static void WriteHeader(Span<byte> to, uint epoch, long page)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], epoch);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], page);
        BinaryPrimitives.WriteUInt32LittleEndian(to, HeaderChecksum(to));
    }

    /// <summary>
    /// Reads a header of which <see cref="HeaderBytes"/> are there. The checksum is not seeded with the journal's id, so that
    /// a page can be told for a page of some journal before it is known which.
    /// </summary>
    /// <returns>Whether the checksum is right; epoch and page are what is stored either way.</returns>
    public static bool TryReadHeader(ReadOnlySpan<byte> from, out uint epoch, out long page)
    {
        epoch = BinaryPrimitives.ReadUInt32LittleEndian(from[4..]);
        page = BinaryPrimitives.ReadInt64LittleEndian(from[8..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(from) == HeaderChecksum(from);
    }

    private static uint HeaderChecksum(ReadOnlySpan<byte> header) => Checksum.Finish(Checksum.Add(Checksum.Start, header[4..HeaderBytes]));
}
