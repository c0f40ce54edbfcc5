using System.Buffers.Binary;
using System.Collections.Immutable;
using SuperMassive.Core.Journal;

namespace SuperMassive.Server.Journal;

/// <summary>What the first bytes of segments say of them.</summary>
internal static class SegmentHeads
{
    private const int DataOffset = Page.HeaderBytes + Fragment.HeaderBytes;
    private const int VersionOffset = DataOffset + 8;
    private const int IdOffset = VersionOffset + sizeof(uint);

    /// <summary>The id in a segment's head; null where the segment's beginning was never written, or is damaged.</summary>
    /// <param name="isKnown">Something else says that this is a journal, so a destroyed head is damage like any other.</param>
    /// <exception cref="JournalFileException">It is no segment, or of a format that this build does not read.</exception>
    public static JournalId? RefuseForeign(string path, FileStream file, long firstPage, bool isKnown = false)
    {
        Span<byte> head = stackalloc byte[SegmentHead.EndOffset];
        head = head[..RandomAccess.Read(file.SafeFileHandle, head, 0)];
        if (IsSealed(head, firstPage) && BinaryPrimitives.ReadUInt32LittleEndian(head[VersionOffset..]) < SegmentHead.FormatVersion)
            throw new JournalFileException(
                $"{path} is in a format that this version of SuperMassive reads no more. "
                    + "It was left as it is: start the version that wrote it.");
        switch (SegmentHead.Recognize(head, firstPage))
        {
            case JournalHead.NewerFormat:
                throw new JournalFileException(
                    $"{path} was written by a newer version of SuperMassive. It was left as it is: start that version or a later one.");
            case JournalHead.Foreign when !isKnown:
                throw new JournalFileException(
                    $"{path} is not a SuperMassive journal, or its first page is destroyed. It was left as it is: "
                    + "move it away, or restore it from a replica.");
            default:
                return IdOf(head, firstPage);
        }
    }

    /// <summary>The id that some segment names; null when none does yet.</summary>
    public static JournalId? IdOf(ImmutableArray<SegmentFile> segments)
    {
        Span<byte> head = stackalloc byte[SegmentHead.EndOffset];
        foreach (var segment in segments)
        {
            if (segment.Read(segment.StartLsn, head) == head.Length && IdOf(head, segment.FirstPage) is { } id)
                return id;
        }
        return null;
    }

    /// <summary>The id in the first bytes of a segment; null when they are not intact.</summary>
    public static JournalId? IdOf(ReadOnlySpan<byte> head, long firstPage) =>
        IsSealed(head, firstPage) ? JournalId.Read(head[IdOffset..]) : null;

    /// <summary>The same from a head that may be damaged: of use where what is read with it is checked.</summary>
    public static JournalId? GuessIdOf(ReadOnlySpan<byte> head) =>
        head.Length == SegmentHead.EndOffset && head[DataOffset..].StartsWith(SegmentHead.Magic) ? JournalId.Read(head[IdOffset..]) : null;

    /// <summary>The head is intact and a journal's, in whatever format.</summary>
    private static bool IsSealed(ReadOnlySpan<byte> head, long firstPage) =>
        head.Length == SegmentHead.EndOffset
        && Page.TryReadHeader(head, out var epoch, out var page) && page == firstPage
        && Fragment.IsSealed(head[Page.HeaderBytes..], Fragment.Seed(default, epoch, page))
        && head[DataOffset..].StartsWith(SegmentHead.Magic);
}
