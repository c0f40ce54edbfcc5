namespace SuperMassive.Core.Cluster;

/// <summary>The coordinator.</summary>
public sealed class ClusterCore;
