using System.Diagnostics;

namespace SuperMassive.Core.Storage;

/// <summary>
/// The keys of a node with their newest versions, tombstones included: an index of 8-byte slots over entries in native
/// memory. No managed object exists per entry, and no operation pays for a whole rehash.
/// </summary>
/// <remarks>
/// Growth (above 0.75) and shrinking (below 0.25) go on in two indexes: new keys enter the new one, every change moves
/// <see cref="SlotsMovedPerChange"/> slots of the old one over, reads look in both. An index of n slots is drained by n / 16
/// changes, while the next migration is at least n / 8 changes away, so there are never more than two.
/// Every change also moves up to <see cref="BlocksMovedPerChange"/> entries out of memory that has become sparse: more than the three
/// that one freed entry can call for, so that what is taken from the system stays within 4/3 of what is used and a few chunks per size.
/// Callers pass the hash of the key, so that it is computed once per command. Not thread-safe. Dispose frees the memory.
/// </remarks>
public sealed unsafe class HashTable : IDisposable
{
    public const int MaxKeyBytes = EntryBlock.MaxKeyBytes;
    public const int MaxValueBytes = EntryBlock.MaxValueBytes;

    private const double GrowThreshold = 0.75;
    private const double ShrinkThreshold = 0.25;
    private const int SlotsMovedPerChange = 16;

    /// <summary>
    /// No key stands that far from its home by chance. It does when keys come in order of their hashes, from a checkpoint: the index
    /// then grows to what their density calls for, or loading would be quadratic.
    /// </summary>
    private const int CrowdedDistance = 512;
    private const int BlocksMovedPerChange = 4;

    /// <summary>A scan looks at this many slots per entry asked for before it gives the turn back.</summary>
    private const int SlotsPerScannedEntry = 4;

    /// <summary>A scan has the entries of slots so far ahead brought near: the index lies in a row, what it points to does not.</summary>
    private const int SlotsScannedAhead = 8;

    private readonly Arena _arena = new();
    private ProbeLengths _probes = new();
    private SlotIndex _index;
    private SlotIndex? _draining;

    /// <param name="hashSeed">Seed of <see cref="KeyHash"/>.</param>
    public HashTable(long hashSeed)
    {
        HashSeed = hashSeed;
        _index = new SlotIndex(SlotIndex.MinSizeLog, _probes);
    }

    public long HashSeed { get; }

    /// <summary>Keys that exist.</summary>
    public long LiveCount { get; private set; }

    /// <summary>Keys that are known to be deleted.</summary>
    public long TombstoneCount { get; private set; }

    /// <summary>Bytes of entries and index: what counts against the memory limit.</summary>
    public long UsedBytes => _arena.UsedBytes + _index.Bytes + (_draining?.Bytes ?? 0);

    /// <summary>The same with what the arena holds of freed and not yet used memory.</summary>
    public long AllocatedBytes => UsedBytes - _arena.UsedBytes + _arena.AllocatedBytes;

    public TableStatistics Statistics
    {
        get
        {
            var empty = _index.Size - Used;
            var load = (double)Used / _index.Size;
            var growing = _draining is not null && _draining.SizeLog < _index.SizeLog;
            return new TableStatistics(
                _index.Size, Used, load, GrowThreshold, ShrinkThreshold, _probes.Max, _probes.Average,
                empty, load, (double)empty / _index.Size, growing, _draining is not null && !growing);
        }
    }

    private long Used => LiveCount + TombstoneCount;

    public ulong Hash(ReadOnlySpan<byte> key) => KeyHash.Of(key, HashSeed);

    /// <summary>Has the place in the index brought near where a key with this hash would stand.</summary>
    public void PrefetchSlot(ulong hash)
    {
        _draining?.Prefetch(Fragment(hash));
        _index.Prefetch(Fragment(hash));
    }

    /// <summary>
    /// Has what is held for a key with this hash brought near. Looks at its slot: <see cref="PrefetchSlot"/> should have been a while ago.
    /// </summary>
    public void PrefetchEntry(ulong hash)
    {
        var fragment = Fragment(hash);
        if (_draining is not null)
            PrefetchEntry(_draining, fragment);
        PrefetchEntry(_index, fragment);
    }

    /// <param name="hash">The <see cref="Hash"/> of <paramref name="key"/>.</param>
    /// <param name="entry">What is held for the key, a tombstone perhaps.</param>
    public bool TryGet(ReadOnlySpan<byte> key, ulong hash, out Entry entry)
    {
        var found = TryFind(key, Fragment(hash), out _, out _, out var slot);
        entry = found ? EntryBlock.Read(_arena.Resolve(slot.Reference)) : default;
        return found;
    }

    /// <summary>Holds the value for the key in place of whatever was held, older or not.</summary>
    public void Set(ReadOnlySpan<byte> key, ulong hash, ReadOnlySpan<byte> value, Version version) =>
        Put(hash, new Entry(key, value, version, isTombstone: false));

    /// <summary>Holds the deletion of the key in place of whatever was held, older or not.</summary>
    public void SetTombstone(ReadOnlySpan<byte> key, ulong hash, Version version) =>
        Put(hash, new Entry(key, default, version, isTombstone: true));

    /// <summary>Forgets the key.</summary>
    /// <returns>Whether anything was held for it.</returns>
    public bool Remove(ReadOnlySpan<byte> key, ulong hash)
    {
        Migrate();
        if (!TryFind(key, Fragment(hash), out var index, out var position, out var slot))
            return false;
        RemoveAt(index, position, slot);
        return true;
    }

    /// <summary>Forgets the deletions up to <paramref name="through"/> of all keys with this hash.</summary>
    /// <param name="removing">Is shown each before it goes.</param>
    public void RemoveTombstones(ulong hash, Version through, EntryVisitor? removing = null)
    {
        while (true)
        {
            Migrate();
            if (_draining is not null && TryFindTombstone(_draining, Fragment(hash), through, out var position, out var slot))
                RemoveTombstone(_draining, position, slot, removing);
            else if (TryFindTombstone(_index, Fragment(hash), through, out position, out slot))
                RemoveTombstone(_index, position, slot, removing);
            else
                return;
        }
    }

    /// <summary>Forgets all keys and gives their memory back, at once.</summary>
    public void Clear()
    {
        Dispose();
        _draining = null;
        _probes = new ProbeLengths();
        _index = new SlotIndex(SlotIndex.MinSizeLog, _probes);
        LiveCount = TombstoneCount = 0;
    }

    /// <summary>
    /// What a <see cref="Set"/> would add to <see cref="UsedBytes"/> at most, with the index that it may begin;
    /// <see cref="long.MaxValue"/> when the table can address no more.
    /// </summary>
    public long BytesFor(int keyLength, int valueLength)
    {
        var blockBytes = Arena.BlockBytes(EntryBlock.Bytes(keyLength, valueLength));
        var grows = _draining is null && Used + 1 > _index.Size * GrowThreshold;
        if (_arena.IsNearlyExhausted || (grows && _index.SizeLog == SlotIndex.MaxSizeLog))
            return long.MaxValue;
        return grows ? blockBytes + SlotIndex.BytesOf(_index.SizeLog + 1) : blockBytes;
    }

    /// <summary>
    /// Visits entries in order of their place in hash space. One that is held during a whole scan is visited exactly once,
    /// whatever is changed between the calls.
    /// </summary>
    /// <param name="cursor">Where to go on: 0 to begin, then what the previous call returned.</param>
    /// <param name="maxEntries">
    /// After as many visits (or about four times as many slots) the call returns. Entries whose hashes agree in the upper
    /// 32 bits are visited in one call, so that it may be some more.
    /// </param>
    /// <returns>The next cursor, or 0 when all was visited.</returns>
    public ulong Scan(ulong cursor, int maxEntries, EntryVisitor visitor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxEntries);
        if (cursor >= SlotCursor.End)
            return 0;
        var filled = new SlotCursor(_index, (uint)cursor);
        var drained = new SlotCursor(_draining, (uint)cursor);
        var slotsLeft = (long)maxEntries * SlotsPerScannedEntry;
        // every fragment up to here is done with: a call ends between fragments only, and beyond where it began
        var done = cursor;
        while (true)
        {
            ref var next = ref filled.Bound <= drained.Bound ? ref filled : ref drained;
            if (next.Bound == SlotCursor.End)
                return 0;
            if (next.Bound > done && (maxEntries <= 0 || slotsLeft <= 0))
                return next.Bound;
            if (!next.Slot.IsEmpty)
            {
                visitor(EntryBlock.Read(_arena.Resolve(next.Slot.Reference)));
                done = next.Bound;
                maxEntries--;
            }
            FetchEntry(next.Ahead(SlotsScannedAhead));
            next.Advance();
            slotsLeft--;
        }
    }

    public void Dispose()
    {
        _index.Dispose();
        _draining?.Dispose();
        _arena.Dispose();
    }

    private void PrefetchEntry(SlotIndex index, uint fragment)
    {
        index.Find(fragment, out var slot);
        if (slot.Fragment == fragment)
            FetchEntry(slot);
    }

    private void FetchEntry(Slot slot)
    {
        if (slot.IsEmpty)
            return;
        var block = _arena.Resolve(slot.Reference);
        Prefetch.Line(block);
        Prefetch.Line(block + Prefetch.LineBytes);
    }

    private static uint Fragment(ulong hash) => (uint)(hash >> 32);

    private bool TryFind(ReadOnlySpan<byte> key, uint fragment, out SlotIndex index, out long position, out Slot slot)
    {
        if (_draining is not null && TryFindIn(_draining, key, fragment, out position, out slot))
        {
            index = _draining;
            return true;
        }
        index = _index;
        return TryFindIn(_index, key, fragment, out position, out slot);
    }

    /// <param name="position">Where the key stands, or where it may be inserted.</param>
    private bool TryFindIn(SlotIndex index, ReadOnlySpan<byte> key, uint fragment, out long position, out Slot slot)
    {
        position = index.Find(fragment, out slot);
        while (!slot.IsEmpty && slot.Fragment == fragment)
        {
            if (EntryBlock.Key(_arena.Resolve(slot.Reference)).SequenceEqual(key))
                return true;
            slot = index[++position];
        }
        return false;
    }

    private bool TryFindTombstone(SlotIndex index, uint fragment, Version through, out long position, out Slot slot)
    {
        position = index.Find(fragment, out slot);
        while (!slot.IsEmpty && slot.Fragment == fragment)
        {
            var entry = EntryBlock.Read(_arena.Resolve(slot.Reference));
            if (entry.IsTombstone && entry.Version <= through)
                return true;
            slot = index[++position];
        }
        return false;
    }

    private void RemoveTombstone(SlotIndex index, long position, Slot slot, EntryVisitor? removing)
    {
        removing?.Invoke(EntryBlock.Read(_arena.Resolve(slot.Reference)));
        RemoveAt(index, position, slot);
    }

    private void RemoveAt(SlotIndex index, long position, Slot slot)
    {
        Count(EntryBlock.IsTombstone(_arena.Resolve(slot.Reference)), -1);
        index.Remove(position);
        _arena.Free(slot.Reference);
        Compact();
        if (_draining is null && Used < _index.Size * ShrinkThreshold && _index.SizeLog > SlotIndex.MinSizeLog)
            BeginMigration(_index.SizeLog - 1);
    }

    private void Put(ulong hash, in Entry entry)
    {
        ArgumentOutOfRangeException.ThrowIfZero(entry.Key.Length, "key length");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Key.Length, MaxKeyBytes, "key length");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Value.Length, MaxValueBytes, "value length");
        Migrate();
        var fragment = Fragment(hash);
        if (TryFind(entry.Key, fragment, out var index, out var position, out var slot))
        {
            Overwrite(index, position, slot.Reference, entry);
            Compact();
            return;
        }
        index.Insert(position, new Slot(fragment, Store(entry)));
        Count(entry.IsTombstone, 1);
        Compact();
        var isCrowded = _draining is null && position - index.HomeOf(fragment) > CrowdedDistance;
        if ((isCrowded || Used > _index.Size * GrowThreshold) && _index.SizeLog < SlotIndex.MaxSizeLog)
            BeginMigration(_index.SizeLog + 1);
    }

    private void Overwrite(SlotIndex index, long position, uint reference, in Entry entry)
    {
        var block = _arena.Resolve(reference);
        Count(EntryBlock.IsTombstone(block), -1);
        Count(entry.IsTombstone, 1);
        if (Arena.BlockBytes(EntryBlock.Bytes(block)) == Arena.BlockBytes(EntryBlock.Bytes(entry.Key.Length, entry.Value.Length)))
        {
            EntryBlock.Write(block, entry);
            return;
        }
        // stored before the old block is freed: the new value may have been read from it
        index.Replace(position, Store(entry));
        _arena.Free(reference);
    }

    private uint Store(in Entry entry)
    {
        var reference = _arena.Allocate(EntryBlock.Bytes(entry.Key.Length, entry.Value.Length));
        EntryBlock.Write(_arena.Resolve(reference), entry);
        return reference;
    }

    private void Compact()
    {
        for (var moves = 0; moves < BlocksMovedPerChange && _arena.TryNextToMove(out var from); moves++)
            Move(from);
    }

    private void Move(uint from)
    {
        var block = _arena.Resolve(from);
        var key = EntryBlock.Key(block);
        if (!TryFind(key, Fragment(Hash(key)), out var index, out var position, out _))
            throw new InvalidOperationException("An entry is not where the hash of its key says.");
        index.Replace(position, Store(EntryBlock.Read(block)));
        _arena.Free(from);
    }

    private void Count(bool isTombstone, int by)
    {
        if (isTombstone)
            TombstoneCount += by;
        else
            LiveCount += by;
    }

    private void BeginMigration(int sizeLog)
    {
        Debug.Assert(_draining is null, "a migration ends before the next one is due");
        _draining = _index;
        _index = new SlotIndex(sizeLog, _probes);
    }

    private void Migrate()
    {
        if (_draining is null)
            return;
        _draining.Drain(SlotsMovedPerChange, _index);
        if (!_draining.IsDrained)
            return;
        _draining.Dispose();
        _draining = null;
    }
}
