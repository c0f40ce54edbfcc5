namespace SuperMassive.Core.Journal;

/// <summary>What a record says. Persisted: numbers are only ever added, never reused.</summary>
public enum RecordKind : byte
{
    /// <summary>The key has this value.</summary>
    Put = 1,

    /// <summary>The key was deleted.</summary>
    Tombstone = 2,

    /// <summary>This node forgets the key if what it holds is older than the version: a newer value lives elsewhere.</summary>
    Drop = 3,

    /// <summary>Tombstones up to the version are forgotten.</summary>
    Purge = 4,

    /// <summary>A primary started: value is an <see cref="EpochRecord"/>.</summary>
    Epoch = 5,

    Checkpoint = 6,

    /// <summary>Which cluster process this node obeys: value is a <see cref="FenceRecord"/>.</summary>
    Fence = 7,

    /// <summary>Every deletion up to the version has reached this node: it may be forgotten, and this node still let in.</summary>
    Known = 8,
}
