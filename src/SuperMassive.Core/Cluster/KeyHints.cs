using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>
/// What is remembered of where a key's newest value lives: a bounded cache from the key's hash to a shard and a version. It is never
/// believed: the shard's reply must carry the very version, so a collision or a lost hint costs a gather and never a wrong answer.
/// </summary>
/// <remarks>
/// A set of four slots is one cache line. The slot holds the upper 48 bits of the hash; which set it is in says the rest, from 65,536
/// sets on.
/// </remarks>
internal sealed class KeyHints
{
    private const int Ways = 4;
    private const int ShardBits = 16;
    private const ulong ShardMask = (1 << ShardBits) - 1;

    /// <summary>Shards with higher numbers than this are never hinted at: so many reloads of the configuration are not expected.</summary>
    private const int MaxShard = (int)ShardMask - 1;

    private readonly Slot[] _slots;
    private readonly int _start;
    private readonly ulong _setMask;

    public KeyHints(int capacity)
    {
        var sets = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity / Ways, 1));
        _setMask = (ulong)sets - 1;
        // pinned, so that what is aligned stays so
        _slots = GC.AllocateArray<Slot>(sets * Ways + Ways - 1, pinned: true);
        _start = AlignedStart(_slots);
    }

    public long Count { get; private set; }

    /// <summary>Hints that had to make place for others: from the first on, a missing hint no longer means an unknown key.</summary>
    public long Evictions { get; private set; }

    /// <summary>All of the table, which is pinned.</summary>
    public ReadOnlySpan<byte> Memory => MemoryMarshal.AsBytes<Slot>(_slots);

    /// <summary>Has the memory that the other methods need for this key brought near.</summary>
    public void Prefetch(ulong hash) => Storage.Prefetch.Line(ref Set(hash)[0]);

    public bool TryGet(ulong hash, out int shard, out Version version)
    {
        foreach (ref var slot in Set(hash))
        {
            if (slot.Holds(hash))
            {
                shard = (int)(slot.Key & ShardMask) - 1;
                version = new Version(slot.Version);
                return true;
            }
        }
        shard = -1;
        version = Version.None;
        return false;
    }

    public void Set(ulong hash, int shard, Version version)
    {
        if (shard > MaxShard)
        {
            Remove(hash);
            Evictions++;
            return;
        }
        var key = (hash & ~ShardMask) | (uint)(shard + 1);
        var set = Set(hash);
        ref var target = ref set[0];
        foreach (ref var slot in set)
        {
            if (slot.Holds(hash))
            {
                slot = new Slot(key, version.Value);
                return;
            }
            if (slot.IsEmpty || (!target.IsEmpty && slot.Version < target.Version))
                target = ref slot;
        }
        if (target.IsEmpty)
            Count++;
        else
            Evictions++;
        target = new Slot(key, version.Value);
    }

    public void Remove(ulong hash)
    {
        foreach (ref var slot in Set(hash))
        {
            if (!slot.Holds(hash))
                continue;
            slot = default;
            Count--;
        }
    }

    private static unsafe int AlignedStart(Slot[] slots)
    {
        var misalignedBytes = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(slots)) % Storage.Prefetch.LineBytes;
        return misalignedBytes == 0 ? 0 : (int)((Storage.Prefetch.LineBytes - misalignedBytes) / (nuint)sizeof(Slot));
    }

    private Span<Slot> Set(ulong hash) => _slots.AsSpan(_start + (int)(hash & _setMask) * Ways, Ways);

    /// <param name="Key">The upper bits of the hash over the shard's number plus 1; 0 in an empty slot.</param>
    private readonly record struct Slot(ulong Key, ulong Version)
    {
        public bool IsEmpty => (Key & ShardMask) == 0;

        public bool Holds(ulong hash) => ((Key ^ hash) & ~ShardMask) == 0 && !IsEmpty;
    }
}
