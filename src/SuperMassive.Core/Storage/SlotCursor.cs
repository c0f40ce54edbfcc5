namespace SuperMassive.Core.Storage;

/// <summary>Reads an index in order of hash fragments, one slot at a time.</summary>
internal struct SlotCursor
{
    /// <summary>The bound of a cursor that has nothing left.</summary>
    public const ulong End = 1UL << 32;

    private readonly SlotIndex? _index;
    private long _position;

    /// <param name="index">None reads like an empty one.</param>
    /// <param name="fragment">Entries of smaller fragments are left out.</param>
    public SlotCursor(SlotIndex? index, uint fragment)
    {
        _index = index;
        _position = index?.Find(fragment, out _) ?? 0;
        Look();
    }

    /// <summary>The slot looked at, which may be empty.</summary>
    public Slot Slot { get; private set; }

    /// <summary>No entry from here on has a smaller fragment; exact when <see cref="Slot"/> is occupied.</summary>
    public ulong Bound { get; private set; }

    /// <summary>The slot so many behind this one.</summary>
    public Slot Ahead(int slots) => _index is null ? default : _index[_position + slots];

    public void Advance()
    {
        _position++;
        Look();
    }

    private void Look()
    {
        Slot = _index is null ? default : _index[_position];
        // no entry was pushed over an empty slot: all that follow have their home behind it
        Bound = _index is null ? End : Slot.IsEmpty ? _index.FirstFragmentOf(_position + 1) : Slot.Fragment;
    }
}
