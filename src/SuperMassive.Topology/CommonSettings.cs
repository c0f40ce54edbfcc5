using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology;

/// <summary>The settings that a topology has wherever it runs, so that they are called and limited alike.</summary>
internal static class CommonSettings
{
    public static Setting<int> Nodes() => new("nodes", OptionKinds.Count(1, TopologySettings.MaxNodes), "Primaries [2]");

    public static Setting<int> Replicas() =>
        new("replicas", OptionKinds.Count(0, TopologySettings.MaxReplicas), "Replicas of each primary [1]");

    /// <param name="what">Of what the percentage is, and its default.</param>
    public static Setting<int> MaxMemoryThreshold(string what) => new("max-memory-threshold", OptionKinds.Count(1, 100), what);

    public static Setting<ReadMode> ReadMode() =>
        new("read-mode", OptionKinds.Choice<ReadMode>(), "What a read may return while a primary is away [consistent]");

    public static Setting<JournalMode> JournalMode() =>
        new("journal-mode", OptionKinds.Choice<JournalMode>(), "When a write is answered [written]");

    public static Setting<int> ReplicaAcks() => new(
        "replica-acks", OptionKinds.Count(0, TopologySettings.MaxReplicas),
        "Replicas that must have applied a write before it is answered [0]");
}
