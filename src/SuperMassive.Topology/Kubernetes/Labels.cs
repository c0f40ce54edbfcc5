using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology.Kubernetes;

/// <summary>Labels, by which objects select pods.</summary>
internal static class Labels
{
    public const string Name = "app.kubernetes.io/name";
    public const string Component = "app.kubernetes.io/component";

    /// <summary>Which process: exactly one pod has a value of it.</summary>
    public const string Process = "supermassive/process";

    /// <summary>Which primary's data: the primary and its replicas share the value.</summary>
    public const string Shard = "supermassive/shard";

    /// <summary>What a pod wears, in whatever namespace, to be let through to the cluster's port.</summary>
    public const string Client = "supermassive/client";

    public const string Application = "supermassive";

    public static string ComponentOf(ServiceKind kind) => kind.ToString().ToLowerInvariant();

    public static Dictionary<string, string> Common() => new() { [Name] = Application };

    public static Dictionary<string, string> OfAll(ServiceKind kind) => new() { [Name] = Application, [Component] = ComponentOf(kind) };

    /// <summary>Selects one process. A StatefulSet's selector can never change, so it holds only what never will.</summary>
    public static Dictionary<string, string> Only(ProcessName process) => new() { [Name] = Application, [Process] = process };

    public static Dictionary<string, string> Of(ProcessName process)
    {
        var labels = OfAll(process.Kind);
        labels.Add(Process, process);
        if (process.Kind != ServiceKind.Cluster)
            labels.Add(Shard, ProcessName.OfNode(process.Node));
        return labels;
    }
}
