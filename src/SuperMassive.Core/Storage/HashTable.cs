namespace SuperMassive.Core.Storage;

public sealed unsafe class HashTable : IDisposable
{
    public HashTable(long hashSeed) => HashSeed = hashSeed;

    public long HashSeed { get; }
    public long LiveCount { get; private set; }
    public long TombstoneCount { get; private set; }
    public long UsedBytes => throw new NotImplementedException();
    public TableStatistics Statistics => throw new NotImplementedException();
    public ulong Hash(ReadOnlySpan<byte> key) => KeyHash.Of(key, HashSeed);
    public bool TryGet(ReadOnlySpan<byte> key, ulong hash, out Entry entry) => throw new NotImplementedException();
    public void Set(ReadOnlySpan<byte> key, ulong hash, ReadOnlySpan<byte> value, Version version) => throw new NotImplementedException();
    public void SetTombstone(ReadOnlySpan<byte> key, ulong hash, Version version) => throw new NotImplementedException();
    public bool Remove(ReadOnlySpan<byte> key, ulong hash) => throw new NotImplementedException();
    public void Clear() => throw new NotImplementedException();
    public long BytesFor(int keyLength, int valueLength) => throw new NotImplementedException();
    public ulong Scan(ulong cursor, int maxEntries, EntryVisitor visitor) => throw new NotImplementedException();
    public void Dispose() { }
}
