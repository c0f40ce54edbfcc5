using System.Text;
using k8s.Models;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology.Kubernetes;

/// <summary>Each process's configuration file.</summary>
internal static class ConfigMaps
{
    /// <summary>What the API server takes.</summary>
    private const int MaxBytes = 1 << 20;

    /// <exception cref="ConfigurationException">The file is longer than a ConfigMap may be.</exception>
    public static V1ConfigMap Of(TopologyProcess process, KubernetesSettings settings)
    {
        var yaml = process.Yaml(httpAddressOf: PodNetwork.HttpAddressOf);
        var bytes = Encoding.UTF8.GetByteCount(yaml);
        if (bytes > MaxBytes)
            throw new ConfigurationException(
                [$"{process.Name}: its configuration has {bytes} bytes; a ConfigMap holds {MaxBytes}: take fewer nodes or replicas"]);
        return new V1ConfigMap
        {
            ApiVersion = "v1",
            Kind = V1ConfigMap.KubeKind,
            Metadata = Metadata.Of(process.Name, settings),
            Data = new Dictionary<string, string> { [process.ConfigurationFileName] = yaml },
        };
    }
}
