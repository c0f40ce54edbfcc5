using System.Collections.Immutable;
using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;

namespace SuperMassive.Server.Telemetry;

/// <summary>One core as its loop saw it at one moment. Immutable: other threads read this and never the core.</summary>
/// <param name="Name">What it is called in this process, as <c>node</c> or <c>node-1</c>.</param>
/// <param name="Problem">Why it should get no work now, or null.</param>
/// <param name="Events">How often each <see cref="CoreEvent"/> was reported.</param>
public sealed record CoreSnapshot(string Name, string? Problem, ImmutableArray<long> Events)
{
    /// <summary>Figures of a cluster; null in a node.</summary>
    public ClusterFigures? Cluster { get; init; }

    /// <summary>Figures of a node or a replica; null in a cluster.</summary>
    public NodeFigures? Node { get; init; }

    /// <summary>What the journal took to be read at the start; null in a cluster.</summary>
    public TimeSpan? RecoveryTime { get; init; }

    public CommandFigures? Commands => Cluster?.Commands ?? Node?.Commands;

    public long CountOf(CoreEvent what) => Events[(int)what];
}

/// <summary>All cores of one loop at one moment.</summary>
/// <param name="Problem">Why the process should get no work now, or null.</param>
public sealed record LoopSnapshot(ImmutableArray<CoreSnapshot> Cores, string? Problem);
