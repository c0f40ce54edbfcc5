using System.Buffers.Binary;

namespace SuperMassive.Core.Storage;

/// <summary>Versions and keys of tombstones in order of arrival, so that a purge need not look through the table.</summary>
/// <remarks>
/// Records of version (8 bytes), key length − 1 (2) and key stand one after the other in blocks of 128 KiB. A record never
/// spans blocks, so a key is always one span, and growth never copies what is queued already.
/// </remarks>
public sealed class TombstoneQueue
{
    private const int BlockBytes = 128 << 10;
    private const int HeaderBytes = sizeof(ulong) + sizeof(ushort);

    private readonly Queue<Block> _blocks = new();
    private readonly Stack<Block> _spares = new();
    private Block? _last;
    private int _start;

    public int Count { get; private set; }

    /// <summary>Bytes of the buffers.</summary>
    public long AllocatedBytes => (_blocks.Count + _spares.Count) * (long)BlockBytes;

    public void Enqueue(Version version, ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfZero(key.Length, "key length");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, EntryBlock.MaxKeyBytes, "key length");
        var record = Reserve(HeaderBytes + key.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(record, version.Value);
        BinaryPrimitives.WriteUInt16LittleEndian(record[sizeof(ulong)..], (ushort)(key.Length - 1));
        key.CopyTo(record[HeaderBytes..]);
        Count++;
    }

    /// <param name="key">The oldest key, valid until it is dequeued.</param>
    public bool TryPeek(out Version version, out ReadOnlySpan<byte> key)
    {
        version = default;
        key = default;
        if (Count == 0)
            return false;
        ReadOnlySpan<byte> record = _blocks.Peek().Bytes.AsSpan(_start);
        version = new Version(BinaryPrimitives.ReadUInt64LittleEndian(record));
        key = record.Slice(HeaderBytes, KeyLength(record));
        return true;
    }

    /// <summary>Takes the oldest off; there must be one.</summary>
    public void Dequeue()
    {
        if (Count == 0)
            throw new InvalidOperationException("The tombstone queue is empty.");
        var block = _blocks.Peek();
        _start += HeaderBytes + KeyLength(block.Bytes.AsSpan(_start));
        Count--;
        if (_start == block.End)
            Drop();
    }

    public void Clear()
    {
        _blocks.Clear();
        _spares.Clear();
        _last = null;
        _start = 0;
        Count = 0;
    }

    private static int KeyLength(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadUInt16LittleEndian(record[sizeof(ulong)..]) + 1;

    private Span<byte> Reserve(int lengthBytes)
    {
        if (_last is null || _last.End + lengthBytes > BlockBytes)
        {
            _last = _spares.TryPop(out var spare) ? spare : new Block();
            _blocks.Enqueue(_last);
        }
        var record = _last.Bytes.AsSpan(_last.End, lengthBytes);
        _last.End += lengthBytes;
        return record;
    }

    /// <summary>
    /// Takes the emptied first block off. As many as are still in use are kept for the next records, so that a steady flow allocates
    /// nothing although purges come in bursts, and one that has ebbed away holds one block.
    /// </summary>
    private void Drop()
    {
        var block = _blocks.Dequeue();
        _start = 0;
        if (block == _last)
            _last = null;
        block.End = 0;
        _spares.Push(block);
        while (_spares.Count > _blocks.Count + 1)
            _spares.Pop();
    }

    private sealed class Block
    {
        public readonly byte[] Bytes = new byte[BlockBytes];

        /// <summary>Where its records end.</summary>
        public int End;
    }
}
