using SuperMassive.Core.Journal;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Node;

/// <summary>
/// What a node holds, as a function of the records applied to it and of nothing else: the same records give the same data on a
/// primary, on its replica and after a recovery.
/// </summary>
public sealed class NodeData : IDisposable
{
    private readonly List<EpochRecord> _history = [];
    private readonly TombstoneQueue _tombstones = new();
    private readonly EntryVisitor _removing;

    /// <param name="hashSeed">See <see cref="HashTable"/>.</param>
    public NodeData(long hashSeed)
    {
        Table = new HashTable(hashSeed);
        _removing = (in Entry entry) => Digests.Remove(Table.Hash(entry.Key), entry);
    }

    public HashTable Table { get; }

    /// <summary>Of <see cref="Table"/>: what a primary and its replica compare.</summary>
    public TableDigests Digests { get; } = new();

    /// <summary>The highest version seen: the cluster's clock starts above it.</summary>
    public Version HighestVersion { get; private set; }

    /// <summary>Deletions up to this version are forgotten here.</summary>
    public Version PurgedThrough { get; private set; }

    /// <summary>Deletions up to this version have reached this node. One that lags behind what others have forgotten missed some.</summary>
    public Version KnownThrough { get; private set; }

    /// <summary>
    /// Which cluster process this node obeys. Only rises, and is journalled before it is answered, so that an older process that
    /// wakes up can change nothing, whatever was restarted in between.
    /// </summary>
    public FenceRecord Fence { get; private set; }

    /// <summary>Every start of the primary, oldest first: which history holds which stretch of the journal.</summary>
    public IReadOnlyList<EpochRecord> History => _history;

    /// <summary>
    /// Applies one record. A record that is not newer than what is held for its key changes nothing, so replays, retries and
    /// overlapping pages are harmless.
    /// </summary>
    public void Apply(in Record record) => Apply(record, record.Key.IsEmpty ? 0 : Table.Hash(record.Key));

    /// <summary>The same for whoever knows the hash of the record's key already.</summary>
    public void Apply(in Record record, ulong hash)
    {
        switch (record.Kind)
        {
            case RecordKind.Put:
            case RecordKind.Tombstone:
                ApplyValue(record, hash);
                break;
            case RecordKind.Drop:
                ApplyDrop(record, hash);
                break;
            case RecordKind.Purge:
                ApplyPurge(record.Version);
                break;
            case RecordKind.Known:
                if (record.Version > KnownThrough)
                    KnownThrough = record.Version;
                break;
            case RecordKind.Epoch:
                if (EpochRecord.TryRead(record.Value, out var epoch))
                    _history.Add(epoch);
                break;
            case RecordKind.Fence:
                if (FenceRecord.TryRead(record.Value, out var fence) && fence.Epoch >= Fence.Epoch)
                    Fence = fence;
                break;
        }
    }

    /// <summary>Whether <see cref="Apply"/> would change anything.</summary>
    public bool IsNews(in Record record)
    {
        // a deletion may have come after the purge of its version, and go with the next one
        if (record.Kind is RecordKind.Purge)
            return record.Version > PurgedThrough || (_tombstones.TryPeek(out var oldest, out _) && oldest <= record.Version);
        if (record.Kind is RecordKind.Known)
            return record.Version > KnownThrough;
        if (record.Kind is RecordKind.Fence)
            return FenceRecord.TryRead(record.Value, out var fence) && fence.Epoch > Fence.Epoch;
        if (record.Kind is RecordKind.Epoch or RecordKind.Checkpoint)
            return false;
        var exists = Table.TryGet(record.Key, Table.Hash(record.Key), out var held);
        return record.Kind == RecordKind.Drop
            ? exists && !held.IsTombstone && held.Version < record.Version
            : !exists || held.Version < record.Version;
    }

    /// <summary>Holds this of its key, whatever was held: a replica's table is made equal to its primary's.</summary>
    public void Replace(in Entry entry)
    {
        var hash = Table.Hash(entry.Key);
        Table.TryGet(entry.Key, hash, out var held);
        Replace(hash, held, entry);
    }

    /// <summary>Holds nothing of this key.</summary>
    public void Forget(ReadOnlySpan<byte> key)
    {
        var hash = Table.Hash(key);
        if (Table.TryGet(key, hash, out var held))
            Forget(key, hash, held);
    }

    /// <summary>Forgets everything: a replica that starts over from its primary's first page.</summary>
    public void Clear()
    {
        Table.Clear();
        Digests.Clear();
        _tombstones.Clear();
        _history.Clear();
        HighestVersion = PurgedThrough = KnownThrough = Version.None;
        Fence = default;
    }

    /// <summary>Takes over what a checkpoint says beside the table, whose entries were applied before.</summary>
    public void Restore(CheckpointHeader header)
    {
        _history.Clear();
        _history.AddRange(header.History);
        Fence = header.Fence;
        KnownThrough = header.KnownThrough;
        PurgedThrough = header.PurgedThrough;
        Saw(header.HighestVersion);
    }

    /// <summary>Forgets the epochs that begin at or after <paramref name="lsn"/>: the journal was cut there.</summary>
    public void ForgetHistoryFrom(long lsn) => _history.RemoveAll(epoch => epoch.StartLsn >= lsn);

    public void Dispose() => Table.Dispose();

    private void ApplyValue(in Record record, ulong hash)
    {
        if (Table.TryGet(record.Key, hash, out var held) && held.Version >= record.Version)
            return;
        var isTombstone = record.Kind == RecordKind.Tombstone;
        Replace(hash, held, new Entry(record.Key, isTombstone ? default : record.Value, record.Version, isTombstone));
    }

    private void ApplyDrop(in Record record, ulong hash)
    {
        if (Table.TryGet(record.Key, hash, out var held) && !held.IsTombstone && held.Version < record.Version)
            Forget(record.Key, hash, held);
    }

    /// <summary>
    /// Forgets every tombstone up to the version, in whatever order they came: the same after a recovery from a checkpoint.
    /// </summary>
    private void ApplyPurge(Version through)
    {
        while (_tombstones.TryPeek(out var version, out var hash) && version <= through)
        {
            Table.RemoveTombstones(hash, through, _removing);
            _tombstones.Dequeue();
        }
        if (through > PurgedThrough)
            PurgedThrough = through;
    }

    /// <param name="held">What was held of the key; its key is empty when that was nothing.</param>
    private void Replace(ulong hash, in Entry held, in Entry entry)
    {
        if (!held.Key.IsEmpty)
            Digests.Remove(hash, held);
        Digests.Add(hash, entry);
        if (entry.IsTombstone)
        {
            Table.SetTombstone(entry.Key, hash, entry.Version);
            _tombstones.Enqueue(entry.Version, hash);
        }
        else
        {
            Table.Set(entry.Key, hash, entry.Value, entry.Version);
        }
        Saw(entry.Version);
    }

    private void Forget(ReadOnlySpan<byte> key, ulong hash, in Entry held)
    {
        Digests.Remove(hash, held);
        Table.Remove(key, hash);
    }

    private void Saw(Version version)
    {
        if (version > HighestVersion)
            HighestVersion = version;
    }
}
