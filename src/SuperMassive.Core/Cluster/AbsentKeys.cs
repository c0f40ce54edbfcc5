namespace SuperMassive.Core.Cluster;

/// <summary>
/// Keys of which every primary said that it does not hold them, or that were deleted. Here nothing could be checked against a
/// reply, so the key itself is kept and compared. Bounded: a slot a hash, the newest stays.
/// </summary>
internal sealed class AbsentKeys
{
    private const int Slots = 1 << 14;
    private const int MaxKeyBytes = 128;

    private readonly byte[]?[] _keys = new byte[Slots][];
    private readonly int[] _lengths = new int[Slots];

    /// <summary>Whether any was added since all were cleared: while deletions are rare, writes need not look.</summary>
    private bool _hasAny;

    public bool Contains(ulong hash, ReadOnlySpan<byte> key)
    {
        if (!_hasAny)
            return false;
        var slot = SlotOf(hash);
        return _lengths[slot] == key.Length && key.Length > 0 && _keys[slot].AsSpan(0, key.Length).SequenceEqual(key);
    }

    public void Add(ulong hash, ReadOnlySpan<byte> key)
    {
        if (key.Length > MaxKeyBytes)
            return;
        var slot = SlotOf(hash);
        if (_keys[slot] is not { } kept || kept.Length < key.Length)
            _keys[slot] = kept = new byte[Math.Max(32, key.Length)];
        key.CopyTo(kept);
        _lengths[slot] = key.Length;
        _hasAny = true;
    }

    /// <summary>A node brought data of which nothing is known.</summary>
    public void Clear()
    {
        Array.Clear(_lengths);
        _hasAny = false;
    }

    public void Remove(ulong hash)
    {
        if (_hasAny)
            _lengths[SlotOf(hash)] = 0;
    }

    private static int SlotOf(ulong hash) => (int)(hash >> 20) & (Slots - 1);
}
