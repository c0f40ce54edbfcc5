namespace SuperMassive.Core.Storage;

/// <summary>
/// Versions and key hashes of tombstones, the oldest version first, so that a purge need not look through the table and does not
/// depend on the order in which deletions came.
/// </summary>
/// <remarks>
/// A binary heap (Williams, 1964). Versions mostly come in order, so that an addition stays where it is put. The heap grows in blocks
/// that are never copied: no addition pays for all that are queued already.
/// </remarks>
public sealed class TombstoneQueue
{
    private const int BlockLog = 13;
    private const int BlockEntries = 1 << BlockLog;
    private const int EntryBytes = 16;

    private readonly List<Deletion[]> _blocks = [];

    public int Count { get; private set; }

    /// <summary>Bytes of the blocks.</summary>
    public long AllocatedBytes => (long)_blocks.Count * BlockEntries * EntryBytes;

    private ref Deletion this[int index] => ref _blocks[index >> BlockLog][index & (BlockEntries - 1)];

    /// <param name="hash">The <see cref="KeyHash"/> of the deleted key.</param>
    public void Enqueue(Version version, ulong hash)
    {
        var added = new Deletion(version.Value, hash);
        if (Count >> BlockLog == _blocks.Count)
            _blocks.Add(new Deletion[BlockEntries]);
        var at = Count++;
        while (at > 0 && this[(at - 1) / 2].Version > added.Version)
        {
            this[at] = this[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        this[at] = added;
    }

    /// <summary>Looks at the one with the lowest version.</summary>
    public bool TryPeek(out Version version, out ulong hash)
    {
        var oldest = Count > 0 ? this[0] : default;
        version = new Version(oldest.Version);
        hash = oldest.Hash;
        return Count > 0;
    }

    /// <summary>Takes the one with the lowest version off; there must be one.</summary>
    public void Dequeue()
    {
        if (Count == 0)
            throw new InvalidOperationException("The tombstone queue is empty.");
        var last = this[--Count];
        var at = 0;
        for (var child = 1; child < Count; child = 2 * at + 1)
        {
            if (child + 1 < Count && this[child + 1].Version < this[child].Version)
                child++;
            if (this[child].Version >= last.Version)
                break;
            this[at] = this[child];
            at = child;
        }
        this[at] = last;
        // as many spare blocks as are in use, so that a steady flow allocates nothing although purges come in bursts
        if (_blocks.Count > 2 * ((Count >> BlockLog) + 1))
            _blocks.RemoveAt(_blocks.Count - 1);
    }

    public void Clear()
    {
        _blocks.Clear();
        Count = 0;
    }

    private readonly record struct Deletion(ulong Version, ulong Hash);
}
