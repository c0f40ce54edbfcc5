using System.Runtime.CompilerServices;

namespace SuperMassive.Core.Storage;

/// <summary>
/// How an entry lies in the arena: version (8 bytes), value length with the tombstone flag on top (4), key length − 1 (2),
/// key, value. The key length is stored less one because 64 KiB keys exist and empty ones do not.
/// </summary>
/// <remarks>The value length stands where <see cref="Arena.FreeMark"/> would, and is never as large.</remarks>
internal static unsafe class EntryBlock
{
    public const int MaxKeyBytes = 64 << 10;
    public const int MaxValueBytes = 64 << 20;

    private const int VersionAt = 0;
    private const int ValueLengthAt = 8;
    private const int KeyLengthAt = 12;
    private const int KeyAt = 14;
    private const uint TombstoneFlag = 1u << 31;

    /// <summary>Bytes of a whole entry.</summary>
    public static int Bytes(int keyLength, int valueLength) => KeyAt + keyLength + valueLength;

    public static int Bytes(byte* block) => Bytes(KeyLength(block), ValueLength(block));

    public static bool IsTombstone(byte* block) => (ValueWord(block) & TombstoneFlag) != 0;

    public static ReadOnlySpan<byte> Key(byte* block) => new(block + KeyAt, KeyLength(block));

    public static Entry Read(byte* block)
    {
        var key = Key(block);
        var value = new ReadOnlySpan<byte>(block + KeyAt + key.Length, ValueLength(block));
        return new Entry(key, value, new Version(Unsafe.ReadUnaligned<ulong>(block + VersionAt)), IsTombstone(block));
    }

    /// <summary>Writes a whole entry. The spans may lie in this very block, where an entry with this key stands already.</summary>
    public static void Write(byte* block, in Entry entry)
    {
        var flag = entry.IsTombstone ? TombstoneFlag : 0;
        entry.Key.CopyTo(new Span<byte>(block + KeyAt, entry.Key.Length));
        entry.Value.CopyTo(new Span<byte>(block + KeyAt + entry.Key.Length, entry.Value.Length));
        Unsafe.WriteUnaligned(block + VersionAt, entry.Version.Value);
        Unsafe.WriteUnaligned(block + ValueLengthAt, (uint)entry.Value.Length | flag);
        Unsafe.WriteUnaligned(block + KeyLengthAt, (ushort)(entry.Key.Length - 1));
    }

    private static int KeyLength(byte* block) => Unsafe.ReadUnaligned<ushort>(block + KeyLengthAt) + 1;

    private static int ValueLength(byte* block) => (int)(ValueWord(block) & ~TombstoneFlag);

    private static uint ValueWord(byte* block) => Unsafe.ReadUnaligned<uint>(block + ValueLengthAt);
}
