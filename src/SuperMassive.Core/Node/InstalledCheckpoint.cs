namespace SuperMassive.Core.Node;

/// <summary>The newest checkpoint of this node.</summary>
/// <param name="Lsn">Where a replay over it begins.</param>
/// <param name="EndLsn">What it reaches: nothing in it is younger.</param>
/// <param name="Bytes">Length of its file.</param>
internal readonly record struct InstalledCheckpoint(long Lsn, long EndLsn, long Bytes);
