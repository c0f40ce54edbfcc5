using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SuperMassive.Core.Storage;

/// <summary>
/// Native memory for entries, addressed by 32-bit references: 16 bits of chunk, 16 bits of 16-byte unit within it. A chunk
/// of 1 MiB holds blocks of one size class; a larger block has a chunk number and a native allocation of its own.
/// </summary>
/// <remarks>
/// Bonwick, "The Slab Allocator", 1994. Freed blocks link to each other through their first bytes, so bookkeeping costs
/// nothing per block and every operation is O(1). Reference 0 is never given out.
/// Chunks that have become sparse are emptied block by block, see <see cref="TryNextToMove"/>: once it finds nothing more, every chunk
/// is more than three quarters full but for the last few of each size.
/// </remarks>
public sealed unsafe class Arena : IDisposable
{
    public const int ChunkUnits = 1 << UnitBits;
    public const int ChunkBytes = ChunkUnits * SizeClass.UnitBytes;

    private const int UnitBits = 16;
    private const int MaxChunks = 1 << 16;

    /// <summary>Large blocks are accounted in pages, as the operating system hands them out.</summary>
    private const int PageBytes = 4096;

    /// <summary>Chunk numbers that <see cref="IsNearlyExhausted"/> sets aside, so that tombstones find room when values do not.</summary>
    private const int ReservedChunks = 256;

    /// <summary>Stands at <see cref="FreeMarkAt"/> of a freed block, and never in one that is in use.</summary>
    public const int FreeMark = int.MaxValue;

    public const int FreeMarkAt = 8;

    /// <summary>Chunks and blocks that <see cref="TryNextToMove"/> looks at before it gives up until the next call.</summary>
    private const int ChunksLookedAt = 4;
    private const int BlocksLookedAt = 16;

    private readonly int[] _openByClass = new int[SizeClass.Count];

    /// <summary>Blocks that the open chunks of a class have room for.</summary>
    private readonly long[] _roomByClass = new long[SizeClass.Count];
    private readonly BlockAudit _audit = new();
    private Chunk[] _chunks = new Chunk[16];
    private byte*[] _memory = new byte*[16];
    private int _chunkCount = 1;
    private int _unusedChunk;
    private int _unusedChunks;
    private byte* _spare;

    /// <summary>The chunk that is being emptied, 0 when there is none: nothing is allocated in it, and its room counts nowhere.</summary>
    private int _emptying;
    private int _emptyingUnit;
    private int _lookedAt;

    /// <summary>Bytes taken from the operating system.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>Bytes of the blocks in use, each rounded up to its size class.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>Whether the address space of 64 GiB (65,535 chunks) is used up but for a reserve.</summary>
    public bool IsNearlyExhausted => _chunkCount - _unusedChunks > MaxChunks - ReservedChunks;

    /// <summary>The bytes that a block for <paramref name="bytes"/> bytes takes: equal results fit in place of each other.</summary>
    public static long BlockBytes(int bytes)
    {
        var units = UnitsFor(bytes);
        return units <= SizeClass.MaxUnits
            ? (long)SizeClass.RoundUp(units) * SizeClass.UnitBytes
            : ((long)bytes + PageBytes - 1) / PageBytes * PageBytes;
    }

    public uint Allocate(int bytes)
    {
        var units = UnitsFor(bytes);
        return units <= SizeClass.MaxUnits ? AllocateInChunk(units) : AllocateLarge(bytes);
    }

    public void Free(uint reference)
    {
        _audit.OnFree(reference);
        var number = (int)(reference >> UnitBits);
        ref var chunk = ref _chunks[number];
        if (chunk.IsLarge)
            FreeLarge(number, ref chunk);
        else
            FreeInChunk(number, ref chunk, (int)(reference & (ChunkUnits - 1)));
    }

    /// <summary>
    /// A block of a sparse chunk, for the owner to move: to allocate as much anew, copy, and free it. When all are moved the chunk goes
    /// back to the operating system. Chunks up to three quarters full are emptied if the others of their size have room for what is in
    /// them, so at most three moves gain the place of one block.
    /// </summary>
    /// <remarks>Costs a bounded number of steps: false may also mean that the next call finds more.</remarks>
    public bool TryNextToMove(out uint reference)
    {
        reference = 0;
        if (_emptying == 0 && !TryBeginEmptying())
            return false;
        ref var chunk = ref _chunks[_emptying];
        for (var looked = 0; looked < BlocksLookedAt; looked++)
        {
            var unit = _emptyingUnit;
            Debug.Assert(unit < chunk.FreshUnit, "the chunk is closed when its last block is freed");
            _emptyingUnit += chunk.BlockUnits;
            if (*(int*)(_memory[_emptying] + unit * SizeClass.UnitBytes + FreeMarkAt) == FreeMark)
                continue;
            reference = (uint)_emptying << UnitBits | (uint)unit;
            return true;
        }
        return false;
    }

    /// <summary>Where a block stands until it is freed.</summary>
    public byte* Resolve(uint reference)
    {
        _audit.OnResolve(reference);
        return _memory[reference >> UnitBits] + (reference & (ChunkUnits - 1)) * SizeClass.UnitBytes;
    }

    /// <summary>Frees all blocks at once.</summary>
    public void Clear()
    {
        for (var number = 1; number < _chunkCount; number++)
            NativeMemory.Free(_memory[number]);
        NativeMemory.Free(_spare);
        _spare = null;
        _audit.OnClear();
        Array.Clear(_openByClass);
        Array.Clear(_roomByClass);
        _emptying = _emptyingUnit = _lookedAt = 0;
        _chunks = new Chunk[16];
        _memory = new byte*[16];
        _chunkCount = 1;
        _unusedChunk = _unusedChunks = 0;
        AllocatedBytes = UsedBytes = 0;
    }

    public void Dispose() => Clear();

    private static int UnitsFor(int bytes) => (int)(((uint)bytes + SizeClass.UnitBytes - 1) / SizeClass.UnitBytes);

    private uint AllocateInChunk(int units)
    {
        var sizeClass = SizeClass.Of(units);
        var number = _openByClass[sizeClass];
        if (number == 0)
            number = OpenChunk(units);
        _roomByClass[sizeClass]--;
        ref var chunk = ref _chunks[number];
        var unit = chunk.FreeUnit;
        if (unit >= 0)
            chunk.FreeUnit = *(int*)(_memory[number] + unit * SizeClass.UnitBytes);
        else
        {
            unit = chunk.FreshUnit;
            chunk.FreshUnit += chunk.BlockUnits;
        }
        chunk.UsedBlocks++;
        if (chunk.IsFull)
            Unlink(number, ref chunk);
        UsedBytes += chunk.BlockUnits * SizeClass.UnitBytes;
        return Given(number, unit);
    }

    private void FreeInChunk(int number, ref Chunk chunk, int unit)
    {
        Debug.Assert(unit % chunk.BlockUnits == 0 && unit < chunk.FreshUnit, "a reference must name the start of a block");
        UsedBytes -= chunk.BlockUnits * SizeClass.UnitBytes;
        var wasFull = chunk.IsFull;
        var block = _memory[number] + unit * SizeClass.UnitBytes;
        *(int*)block = chunk.FreeUnit;
        *(int*)(block + FreeMarkAt) = FreeMark;
        chunk.FreeUnit = unit;
        chunk.UsedBlocks--;
        if (number != _emptying)
        {
            _roomByClass[SizeClass.Of(chunk.BlockUnits)]++;
            if (wasFull)
                Link(number, ref chunk);
        }
        if (chunk.UsedBlocks == 0)
            CloseChunk(number, ref chunk);
    }

    /// <summary>Looks for a sparse chunk, a few at a time.</summary>
    private bool TryBeginEmptying()
    {
        for (var looked = 0; looked < ChunksLookedAt; looked++)
        {
            _lookedAt = _lookedAt + 1 < _chunkCount ? _lookedAt + 1 : 1;
            if (_lookedAt == _chunkCount)
                return false;
            ref var chunk = ref _chunks[_lookedAt];
            if (chunk.UsedBlocks == 0 || chunk.UsedBlocks > chunk.Capacity / 4 * 3)
                continue;
            ref var room = ref _roomByClass[SizeClass.Of(chunk.BlockUnits)];
            var ownRoom = chunk.Capacity - chunk.UsedBlocks;
            if (room - ownRoom < chunk.UsedBlocks)
                continue;
            room -= ownRoom;
            Unlink(_lookedAt, ref chunk);
            _emptying = _lookedAt;
            _emptyingUnit = 0;
            return true;
        }
        return false;
    }

    private int OpenChunk(int units)
    {
        var number = TakeNumber();
        if (_spare == null)
        {
            _spare = (byte*)NativeMemory.Alloc(ChunkBytes);
            AllocatedBytes += ChunkBytes;
        }
        _memory[number] = _spare;
        _spare = null;
        ref var chunk = ref _chunks[number];
        chunk = new Chunk { BlockUnits = SizeClass.RoundUp(units), FreeUnit = -1 };
        _roomByClass[SizeClass.Of(units)] += chunk.Capacity;
        Link(number, ref chunk);
        return number;
    }

    private void CloseChunk(int number, ref Chunk chunk)
    {
        if (number == _emptying)
        {
            _emptying = 0;
        }
        else
        {
            _roomByClass[SizeClass.Of(chunk.BlockUnits)] -= chunk.Capacity;
            Unlink(number, ref chunk);
        }
        // one spare, so that a set and a remove at the edge of a chunk do not go to the operating system in turns
        if (_spare == null)
            _spare = _memory[number];
        else
        {
            NativeMemory.Free(_memory[number]);
            AllocatedBytes -= ChunkBytes;
        }
        ReturnNumber(number);
    }

    private uint AllocateLarge(int bytes)
    {
        var blockBytes = BlockBytes(bytes);
        var number = TakeNumber();
        _memory[number] = (byte*)NativeMemory.Alloc((nuint)blockBytes);
        _chunks[number] = new Chunk { LargeBytes = blockBytes };
        AllocatedBytes += blockBytes;
        UsedBytes += blockBytes;
        return Given(number, 0);
    }

    private void FreeLarge(int number, ref Chunk chunk)
    {
        AllocatedBytes -= chunk.LargeBytes;
        UsedBytes -= chunk.LargeBytes;
        NativeMemory.Free(_memory[number]);
        ReturnNumber(number);
    }

    private uint Given(int number, int unit)
    {
        var reference = (uint)number << UnitBits | (uint)unit;
        _audit.OnAllocate(reference);
        return reference;
    }

    private int TakeNumber()
    {
        var number = _unusedChunk;
        if (number != 0)
        {
            _unusedChunk = _chunks[number].Next;
            _unusedChunks--;
            return number;
        }
        if (_chunkCount == MaxChunks)
            throw new InvalidOperationException("The arena's address space of 65,535 chunks is used up.");
        if (_chunkCount == _chunks.Length)
        {
            Array.Resize(ref _chunks, _chunkCount * 2);
            GrowMemory(_chunkCount * 2);
        }
        return _chunkCount++;
    }

    private void ReturnNumber(int number)
    {
        _memory[number] = null;
        _chunks[number] = new Chunk { Next = _unusedChunk };
        _unusedChunk = number;
        _unusedChunks++;
    }

    private void GrowMemory(int length)
    {
        var grown = new byte*[length];
        Array.Copy(_memory, grown, _memory.Length);
        _memory = grown;
    }

    private void Link(int number, ref Chunk chunk)
    {
        ref var first = ref _openByClass[SizeClass.Of(chunk.BlockUnits)];
        chunk.Previous = 0;
        chunk.Next = first;
        if (first != 0)
            _chunks[first].Previous = number;
        first = number;
    }

    private void Unlink(int number, ref Chunk chunk)
    {
        if (chunk.Next != 0)
            _chunks[chunk.Next].Previous = chunk.Previous;
        if (chunk.Previous != 0)
            _chunks[chunk.Previous].Next = chunk.Next;
        else
            _openByClass[SizeClass.Of(chunk.BlockUnits)] = chunk.Next;
    }

    /// <summary>Numbers are links of the list of open chunks of a class, or of unused numbers; 0 ends a list.</summary>
    private struct Chunk
    {
        public int BlockUnits;
        public int UsedBlocks;

        /// <summary>First block of the free list, −1 when it is empty.</summary>
        public int FreeUnit;

        /// <summary>Everything from here on was never given out, and is not yet backed by physical pages.</summary>
        public int FreshUnit;
        public int Previous;
        public int Next;
        public long LargeBytes;

        public readonly bool IsLarge => LargeBytes != 0;

        /// <summary>Blocks that it holds when it is full.</summary>
        public readonly int Capacity => ChunkUnits / BlockUnits;

        public readonly bool IsFull => FreeUnit < 0 && FreshUnit + BlockUnits > ChunkUnits;
    }
}
