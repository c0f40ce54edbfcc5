using System.Buffers.Binary;
using SuperMassive.Core.Journal;

namespace SuperMassive.Server.Journal;

/// <summary>What is being done to a journal. Persisted: numbers are only ever added.</summary>
public enum JournalMarkState : uint
{
    Normal = 0,

    /// <summary>Every other file is being deleted, to begin anew.</summary>
    Emptying = 1,

    /// <summary>Every other file is being moved away, to begin anew.</summary>
    PuttingAside = 2,
}

/// <summary>
/// What is known of a journal besides its bytes: <c>magic 8 bytes | format u32 | state u32 | journal id 16 bytes | synced LSN i64 |
/// start LSN i64 | boot id 16 bytes | tail crc32c u32 | crc32c u32</c>, little-endian.
/// </summary>
/// <param name="Id">Zero while it is not known: nothing was written yet.</param>
/// <param name="SyncedLsn">The journal was fsynced at least up to here.</param>
/// <param name="StartLsn">Where the journal begins when that is in the midst of its first segment.</param>
/// <param name="BootId">The run of the operating system that wrote this; zero when it is not known.</param>
/// <param name="TailChecksum">
/// Of the bytes from the beginning of the last page to <paramref name="SyncedLsn"/>: whoever has the same has the same journal up to there.
/// </param>
public readonly record struct JournalMark(
    JournalId Id, long SyncedLsn, long StartLsn, UInt128 BootId, uint TailChecksum, JournalMarkState State)
{
    public const int Bytes = 72;

    private const uint Format = 1;

    private static ReadOnlySpan<byte> Magic => "SMjmark\0"u8;

    public void Write(Span<byte> to)
    {
        Magic.CopyTo(to);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], Format);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], (uint)State);
        Id.Write(to[16..]);
        BinaryPrimitives.WriteInt64LittleEndian(to[32..], SyncedLsn);
        BinaryPrimitives.WriteInt64LittleEndian(to[40..], StartLsn);
        BinaryPrimitives.WriteUInt128LittleEndian(to[48..], BootId);
        BinaryPrimitives.WriteUInt32LittleEndian(to[64..], TailChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(to[68..], Crc32C.Of(to[..68]));
    }

    /// <returns>Null when it is no whole mark of a format that this build knows.</returns>
    /// <param name="isNewer">A newer build wrote it.</param>
    public static JournalMark? Read(ReadOnlySpan<byte> from, out bool isNewer)
    {
        isNewer = false;
        if (from.Length < Bytes || !from.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(from[68..]) != Crc32C.Of(from[..68]))
            return null;
        var format = BinaryPrimitives.ReadUInt32LittleEndian(from[8..]);
        isNewer = format > Format;
        if (format != Format)
            return null;
        return new JournalMark(
            JournalId.Read(from[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[40..]),
            BinaryPrimitives.ReadUInt128LittleEndian(from[48..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[64..]),
            (JournalMarkState)BinaryPrimitives.ReadUInt32LittleEndian(from[12..]));
    }
}
