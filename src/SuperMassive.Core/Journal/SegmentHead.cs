using System.Buffers.Binary;

namespace SuperMassive.Core.Journal;

/// <summary>What the first bytes of a file are.</summary>
public enum JournalHead
{
    /// <summary>Nothing, zeros, or the first bytes of a head: a journal whose first write never finished.</summary>
    Unfinished,

    /// <summary>A journal that this build reads, if it is intact.</summary>
    Journal,

    /// <summary>A journal in a format that only a newer build reads.</summary>
    NewerFormat,

    /// <summary>No journal, or one of which nothing can be recognised.</summary>
    Foreign,
}

/// <summary>
/// The fragment at the beginning of every segment: <c>magic 8 bytes | format version u32 | journal id 16 bytes</c>. Its
/// checksum is seeded with a zero id, because it is where a reader learns the id. Place and layout hold for every format
/// version to come.
/// </summary>
public static class SegmentHead
{
    public const uint FormatVersion = 1;

    public const int DataBytes = 28;

    /// <summary>From the page's first byte to the end of the fragment.</summary>
    public const int EndOffset = Page.HeaderBytes + FragmentBytes;

    internal const int FragmentBytes = Fragment.HeaderBytes + DataBytes;

    public static ReadOnlySpan<byte> Magic => "SMjournl"u8;

    public static ReadOnlySpan<byte> CheckpointMagic => "SMchkpnt"u8;

    /// <summary>Writes header and data of the fragment.</summary>
    /// <param name="magic">What kind of file it begins: <see cref="Magic"/> or <see cref="CheckpointMagic"/>.</param>
    public static void Write(Span<byte> to, ReadOnlySpan<byte> magic, JournalId id, uint epoch, long page)
    {
        var data = to[Fragment.HeaderBytes..FragmentBytes];
        magic.CopyTo(data);
        BinaryPrimitives.WriteUInt32LittleEndian(data[8..], FormatVersion);
        id.Write(data[12..]);
        Fragment.Seal(to[..FragmentBytes], FragmentType.Segment, Seed(epoch, page));
    }

    /// <summary>Says what a file is by its first bytes, without judging whether it is intact.</summary>
    /// <param name="head">The file's first <see cref="EndOffset"/> bytes, or all of it.</param>
    /// <param name="firstPage">The number of the page that the file begins with.</param>
    public static JournalHead Recognize(ReadOnlySpan<byte> head, long firstPage = 0)
    {
        if (head.IndexOfAnyExcept((byte)0) < 0)
            return JournalHead.Unfinished;
        if (head.Length < Page.HeaderBytes)
            return MayBeginHeader(head, firstPage) ? JournalHead.Unfinished : JournalHead.Foreign;
        var isPage = Page.TryReadHeader(head, out var epoch, out var page) && page == firstPage;
        if (head.Length < EndOffset)
            return isPage ? JournalHead.Unfinished : JournalHead.Foreign;
        var fragment = head[Page.HeaderBytes..EndOffset];
        if (isPage && Fragment.IsSealed(fragment, Seed(epoch, page)))
            return Judge(fragment[Fragment.HeaderBytes..], Magic) switch
            {
                null => JournalHead.Journal,
                DamageKind.NewerFormat => JournalHead.NewerFormat,
                _ => JournalHead.Foreign,
            };
        return isPage || fragment[Fragment.HeaderBytes..].StartsWith(Magic) ? JournalHead.Journal : JournalHead.Foreign;
    }

    internal static uint Seed(uint epoch, long page) => Fragment.Seed(default, epoch, page);

    internal static JournalId ReadId(ReadOnlySpan<byte> data) => JournalId.Read(data[12..]);

    /// <summary>What is wrong with a head whose checksum is right.</summary>
    internal static DamageKind? Judge(ReadOnlySpan<byte> data, ReadOnlySpan<byte> magic)
    {
        if (data.Length < 12 || !data.StartsWith(magic))
            return DamageKind.UnknownFormat;
        var version = BinaryPrimitives.ReadUInt32LittleEndian(data[8..]);
        if (version > FormatVersion)
            return DamageKind.NewerFormat;
        return version == FormatVersion && data.Length == DataBytes ? null : DamageKind.UnknownFormat;
    }

    /// <summary>
    /// Fewer bytes than a header: as soon as the epoch is there, the checksum decides; before that, that a first epoch is a
    /// small number. Four bytes or fewer could be anything.
    /// </summary>
    private static bool MayBeginHeader(ReadOnlySpan<byte> head, long firstPage)
    {
        Span<byte> header = stackalloc byte[Page.HeaderBytes];
        header.Clear();
        head.CopyTo(header);
        return head.Length < 8
            ? head.Length < 6 || head[5..].IndexOfAnyExcept((byte)0) < 0
            : Page.TryReadHeader(header, out _, out var page) && page == firstPage;
    }
}
