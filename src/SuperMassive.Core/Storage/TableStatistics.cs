namespace SuperMassive.Core.Storage;

/// <summary>The figures of a table that STAT reports, kept as the work is done.</summary>
/// <param name="Size">Slots of the index; during a migration those of the index that is being filled.</param>
/// <param name="Used">Entries, tombstones included, of both indexes.</param>
/// <param name="MaxProbeLength">Slots that the entry furthest from home stands away from it.</param>
/// <param name="AverageProbeLength">The same on average over all entries; 0 for an empty table.</param>
/// <param name="NeedsGrow">Whether the next new key begins a growth, or would if one were not under way.</param>
/// <param name="NeedsShrink">Whether the next removal begins a shrink, or would if a migration were not under way.</param>
public readonly record struct TableStatistics(
    long Size,
    long Used,
    double LoadFactor,
    double GrowThreshold,
    double ShrinkThreshold,
    int MaxProbeLength,
    double AverageProbeLength,
    long EmptyBuckets,
    double Utilization,
    double EmptyBucketRatio,
    bool NeedsGrow,
    bool NeedsShrink);
