namespace SuperMassive.Core.Node;

/// <summary>What comparing a replica's table with its primary's has shown since the primary started.</summary>
/// <param name="ComparedLsn">Where in the journal both were compared last; −1: never yet.</param>
/// <param name="ComparedMs">When, on the monotonic clock.</param>
/// <param name="Differing">Buckets (of 1,024) that differed then.</param>
/// <param name="Found">Buckets ever found to differ.</param>
/// <param name="Repaired">Those of them that were equal afterwards.</param>
public readonly record struct ComparisonFigures(long ComparedLsn, long ComparedMs, int Differing, long Found, long Repaired);
