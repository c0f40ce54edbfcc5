namespace SuperMassive.Core.Storage;

/// <summary>
/// One page of a sorted listing, made from entries offered in any order: the smallest keys beyond a given one, at most so
/// many and so many bytes. What is left out is always greater than what is kept, so the next page can go on after the last key.
/// </summary>
/// <remarks>
/// A heap with the greatest key on top, over copies in one buffer; the heap is turned into sorted order by <see cref="Complete"/>.
/// Each key may be offered once. Reusable: after a few pages nothing is allocated any more.
/// </remarks>
public sealed class SortedPage
{
    private readonly int _maxEntries;
    private readonly int _maxBytes;
    private readonly ByteStore _store;
    private Kept[] _items = new Kept[16];
    private byte[] _after = [];
    private int _afterLength;
    private byte[] _limit = [];
    private int _limitLength;
    private bool _complete;

    /// <param name="maxBytes">Of keys and values together. One entry is always taken, whatever its size.</param>
    public SortedPage(int maxEntries, int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxEntries);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBytes);
        _maxEntries = maxEntries;
        _maxBytes = maxBytes;
        _store = new ByteStore(maxBytes);
    }

    public int Count { get; private set; }

    /// <summary>Whether entries were left out because the page is full.</summary>
    public bool MoreFollow { get; private set; }

    /// <summary>The entry at a place in order; after <see cref="Complete"/>.</summary>
    public Entry this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
            if (!_complete)
                throw new InvalidOperationException("A page is in order only when it is complete.");
            ref readonly var item = ref _items[index];
            return new Entry(KeyOf(item), _store[item.At + item.KeyLength, item.ValueLength], item.Version, item.IsTombstone);
        }
    }

    /// <summary>Begins an empty page.</summary>
    /// <param name="after">Only greater keys are taken; empty to begin with the first.</param>
    public void Reset(ReadOnlySpan<byte> after)
    {
        Keep(after, ref _after, out _afterLength);
        _store.Clear();
        Count = _limitLength = 0;
        MoreFollow = _complete = false;
    }

    /// <summary>
    /// Whether an entry with this key would change the page, as far as its key tells: to be asked before anything costly. On a
    /// full page one greater key is wanted, to learn that more follow.
    /// </summary>
    public bool Wants(ReadOnlySpan<byte> key)
    {
        if (key.SequenceCompareTo(_after.AsSpan(0, _afterLength)) <= 0)
            return false;
        if (_limitLength > 0 && key.SequenceCompareTo(_limit.AsSpan(0, _limitLength)) >= 0)
            return false;
        return !MoreFollow || !IsBeyondFull(key);
    }

    /// <summary>Copies the entry if the page wants it.</summary>
    public void Offer(in Entry entry)
    {
        if (_complete)
            throw new InvalidOperationException("A complete page takes no more.");
        if (!Wants(entry.Key))
            return;
        if (IsBeyondFull(entry.Key))
        {
            MoreFollow = true;
            return;
        }
        var bytes = entry.Key.Length + entry.Value.Length;
        while (Count > 0 && (Count == _maxEntries || (long)_store.LiveBytes + bytes > _maxBytes))
        {
            if (entry.Key.SequenceCompareTo(KeyOf(_items[0])) > 0)
            {
                LeaveOut(entry.Key);
                return;
            }
            LeaveOut(KeyOf(_items[0]));
            RemoveGreatest();
        }
        Add(entry);
    }

    /// <summary>Puts the page in order.</summary>
    public void Complete()
    {
        for (var end = Count - 1; end > 0; end--)
        {
            (_items[0], _items[end]) = (_items[end], _items[0]);
            SiftDown(end);
        }
        _complete = true;
    }

    private static void Keep(ReadOnlySpan<byte> key, ref byte[] buffer, out int length)
    {
        if (buffer.Length < key.Length)
            buffer = new byte[Math.Max(key.Length, buffer.Length * 2)];
        key.CopyTo(buffer);
        length = key.Length;
    }

    private ReadOnlySpan<byte> KeyOf(in Kept item) => _store[item.At, item.KeyLength];

    private bool IsBeyondFull(ReadOnlySpan<byte> key) => Count == _maxEntries && key.SequenceCompareTo(KeyOf(_items[0])) > 0;

    /// <summary>From here on only smaller keys may be taken: whatever follows this one belongs on the next page.</summary>
    private void LeaveOut(ReadOnlySpan<byte> key)
    {
        Keep(key, ref _limit, out _limitLength);
        MoreFollow = true;
    }

    private void Add(in Entry entry)
    {
        var bytes = entry.Key.Length + entry.Value.Length;
        if (!_store.HasRoomFor(bytes))
            Compact(bytes);
        if (Count == _items.Length)
            Array.Resize(ref _items, Count * 2);
        var at = _store.Append(entry.Key, entry.Value);
        _items[Count] = new Kept(at, entry.Key.Length, entry.Value.Length, entry.Version, entry.IsTombstone);
        SiftUp(Count++);
    }

    private void RemoveGreatest()
    {
        _store.Release(_items[0].KeyLength + _items[0].ValueLength);
        _items[0] = _items[--Count];
        SiftDown(Count);
    }

    private void Compact(int bytes)
    {
        _store.BeginCompaction(bytes);
        foreach (ref var item in _items.AsSpan(0, Count))
            item = item with { At = _store.Relocate(item.At, item.KeyLength + item.ValueLength) };
        _store.EndCompaction();
    }

    private void SiftUp(int child)
    {
        while (child > 0)
        {
            var parent = (child - 1) / 2;
            if (KeyOf(_items[parent]).SequenceCompareTo(KeyOf(_items[child])) >= 0)
                return;
            (_items[parent], _items[child]) = (_items[child], _items[parent]);
            child = parent;
        }
    }

    private void SiftDown(int count)
    {
        for (var parent = 0; ;)
        {
            var child = parent * 2 + 1;
            if (child >= count)
                return;
            if (child + 1 < count && KeyOf(_items[child + 1]).SequenceCompareTo(KeyOf(_items[child])) > 0)
                child++;
            if (KeyOf(_items[parent]).SequenceCompareTo(KeyOf(_items[child])) >= 0)
                return;
            (_items[parent], _items[child]) = (_items[child], _items[parent]);
            parent = child;
        }
    }

    /// <param name="At">Where the key begins in the store; the value follows it.</param>
    private readonly record struct Kept(int At, int KeyLength, int ValueLength, Version Version, bool IsTombstone);
}
