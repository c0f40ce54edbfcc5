namespace SuperMassive.Core.Storage;

/// <summary>
/// A key with what is held for it. The spans point into the table (or the page) that handed the entry out and are valid
/// until its next mutation.
/// </summary>
public readonly ref struct Entry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Version version, bool isTombstone)
{
    public ReadOnlySpan<byte> Key { get; } = key;

    /// <summary>Empty for a tombstone.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    public Version Version { get; } = version;

    /// <summary>Whether this is a versioned deletion: the key is known not to exist as of <see cref="Version"/>.</summary>
    public bool IsTombstone { get; } = isTombstone;
}

/// <summary>Is shown one entry of a scan. It must not change the table.</summary>
public delegate void EntryVisitor(in Entry entry);
