namespace SuperMassive.Core.Node;

/// <summary>A primary or a replica.</summary>
public sealed class NodeCore;
