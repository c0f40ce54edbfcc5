using k8s.Models;

namespace SuperMassive.Topology.Kubernetes;

/// <summary>Names and labels of objects.</summary>
internal static class Metadata
{
    /// <summary>Of an object that belongs to one process, which it is named after.</summary>
    public static V1ObjectMeta Of(ProcessName process, KubernetesSettings settings) => new()
    {
        Name = process,
        NamespaceProperty = settings.Namespace,
        Labels = Labels.Of(process),
    };

    /// <summary>Of an object that belongs to all.</summary>
    public static V1ObjectMeta Of(string name, KubernetesSettings settings) => new()
    {
        Name = name,
        NamespaceProperty = settings.Namespace,
        Labels = Labels.Common(),
    };
}
