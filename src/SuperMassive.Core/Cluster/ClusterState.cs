using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>What a cluster process must remember across restarts (<c>.cluster-state</c>).</summary>
/// <param name="ClusterId">Random, made at the first start.</param>
/// <param name="Epoch">Raised by one at every start and saved before any node is joined.</param>
/// <param name="Ceiling">No version at or above it was ever assigned; the next start begins there.</param>
/// <param name="PurgedThrough">Deletions up to this version are forgotten on every node configured then.</param>
public readonly record struct ClusterState(ulong ClusterId, long Epoch, Version Ceiling, Version PurgedThrough);
