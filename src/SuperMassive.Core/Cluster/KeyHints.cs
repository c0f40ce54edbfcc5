using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>
/// What is remembered of where a key's newest value lives: a bounded cache from the key's hash to a shard and a version. It is never
/// believed: the shard's reply must carry the very version, so a collision or a lost hint costs a gather and never a wrong answer.
/// </summary>
internal sealed class KeyHints
{
    private const int Ways = 4;

    private readonly Slot[] _slots;
    private readonly ulong _setMask;

    public KeyHints(int capacity)
    {
        var sets = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity / Ways, 1));
        _slots = new Slot[sets * Ways];
        _setMask = (ulong)sets - 1;
    }

    public long Count { get; private set; }

    /// <summary>Hints that had to make place for others: from the first on, a missing hint no longer means an unknown key.</summary>
    public long Evictions { get; private set; }

    public bool TryGet(ulong hash, out int shard, out Version version)
    {
        foreach (ref var slot in Set(hash))
        {
            if (slot.Hash == hash && slot.Shard != 0)
            {
                shard = slot.Shard - 1;
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
        var set = Set(hash);
        ref var target = ref set[0];
        foreach (ref var slot in set)
        {
            if (slot.Hash == hash && slot.Shard != 0)
            {
                slot.Shard = shard + 1;
                slot.Version = version.Value;
                return;
            }
            if (slot.Shard == 0 || (target.Shard != 0 && slot.Version < target.Version))
                target = ref slot;
        }
        if (target.Shard == 0)
            Count++;
        else
            Evictions++;
        target = new Slot { Hash = hash, Shard = shard + 1, Version = version.Value };
    }

    public void Remove(ulong hash)
    {
        foreach (ref var slot in Set(hash))
        {
            if (slot.Hash != hash || slot.Shard == 0)
                continue;
            slot = default;
            Count--;
        }
    }

    private Span<Slot> Set(ulong hash) => _slots.AsSpan((int)(hash & _setMask) * Ways, Ways);

    private struct Slot
    {
        public ulong Hash;
        public ulong Version;
        public int Shard;
    }
}
