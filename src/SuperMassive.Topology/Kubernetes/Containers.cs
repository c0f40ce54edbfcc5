using System.Globalization;
using k8s.Models;
using SuperMassive.Server.Configuration;
using SuperMassive.ServiceDefaults;

namespace SuperMassive.Topology.Kubernetes;

/// <summary>What runs in a process's pod.</summary>
internal static class Containers
{
    private const long ClusterMemoryBytes = ByteSize.Gibibyte;

    /// <summary>No limit goes with it: a loop held back for the rest of a period answers nobody, and peers take that for death.</summary>
    private const string Cpu = "500m";

    public static V1Container Of(TopologyProcess process, KubernetesSettings settings) => new()
    {
        Name = Labels.ComponentOf(process.Kind),
        Image = ImageOf(process, settings),
        Args = ["--directory", PodPaths.Data],
        Env = [.. Variables(process)],
        Ports =
        [
            new V1ContainerPort { Name = PodNetwork.DatabasePortName, ContainerPort = PodNetwork.PortOf(process.Kind), Protocol = "TCP" },
            new V1ContainerPort { Name = PodNetwork.HttpPortName, ContainerPort = PodNetwork.HttpPort, Protocol = "TCP" },
        ],
        VolumeMounts =
        [
            new V1VolumeMount { Name = PodTemplates.DataVolume, MountPath = PodPaths.Data },
            new V1VolumeMount { Name = PodTemplates.ConfigurationVolume, MountPath = PodPaths.Configuration, ReadOnlyProperty = true },
            new V1VolumeMount { Name = PodTemplates.SecretsVolume, MountPath = PodPaths.Secrets, ReadOnlyProperty = true },
            new V1VolumeMount { Name = PodTemplates.TemporaryVolume, MountPath = PodPaths.Temporary },
        ],
        // the process answers as soon as it runs, also while it recovers a long journal, which only makes it unready
        StartupProbe = Probe(ServiceDefaultsExtensions.LivePath, periodSeconds: 2, timeoutSeconds: 5, failures: 60),
        LivenessProbe = Probe(ServiceDefaultsExtensions.LivePath, periodSeconds: 10, timeoutSeconds: 5, failures: 6),
        // asking the loop may take 5 seconds
        ReadinessProbe = Probe(ServiceDefaultsExtensions.ReadyPath, periodSeconds: 5, timeoutSeconds: 6, failures: 2),
        Resources = Resources(process.Kind == ServiceKind.Cluster ? ClusterMemoryBytes : settings.MemoryBytes, Cpu),
        SecurityContext = Confined(),
    };

    /// <summary>
    /// Puts a symbolic link to the mounted file where the process looks for it, because the folder must be writable and what a
    /// ConfigMap mounts is not. Unlike a <c>subPath</c> or a copy, the link shows changes of the ConfigMap, so that RCNF finds them.
    /// </summary>
    public static V1Container Link(TopologyProcess process, KubernetesSettings settings) => new()
    {
        Name = "link-configuration",
        // the image that is there anyway
        Image = ImageOf(process, settings),
        Command =
        [
            "ln", "-sfT", $"{PodPaths.Configuration}/{process.ConfigurationFileName}", $"{PodPaths.Data}/{process.ConfigurationFileName}",
        ],
        VolumeMounts = [new V1VolumeMount { Name = PodTemplates.DataVolume, MountPath = PodPaths.Data }],
        Resources = Resources(64 * ByteSize.Mebibyte, "10m"),
        SecurityContext = Confined(),
    };

    private static string ImageOf(TopologyProcess process, KubernetesSettings settings) =>
        $"{settings.ImagePrefix}supermassive-{Labels.ComponentOf(process.Kind)}:{settings.EffectiveImageTag}";

    private static IEnumerable<V1EnvVar> Variables(TopologyProcess process)
    {
        if (process.Kind != ServiceKind.Cluster)
            yield return new V1EnvVar
            {
                Name = PodMemory.HeapPercentVariable,
                // no 0x: the serializer would not quote it, and Kubernetes would read a number where it wants text
                Value = PodMemory.HeapPercent.ToString("X", CultureInfo.InvariantCulture),
            };
        foreach (var secret in SecretReferences.Of(process))
            yield return new V1EnvVar { Name = secret.Variable, Value = $"{PodPaths.Secrets}/{secret.Key}" };
    }

    private static V1Probe Probe(string path, int periodSeconds, int timeoutSeconds, int failures) => new()
    {
        HttpGet = new V1HTTPGetAction { Path = path, Port = PodNetwork.HttpPortName },
        PeriodSeconds = periodSeconds,
        TimeoutSeconds = timeoutSeconds,
        FailureThreshold = failures,
    };

    /// <summary>All of the memory is requested: a machine that promised it to others as well kills for it.</summary>
    private static V1ResourceRequirements Resources(long memoryBytes, string cpu) => new()
    {
        Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new(cpu), ["memory"] = new(ByteSize.Text(memoryBytes)) },
        Limits = new Dictionary<string, ResourceQuantity> { ["memory"] = new(ByteSize.Text(memoryBytes)) },
    };

    private static V1SecurityContext Confined() => new()
    {
        AllowPrivilegeEscalation = false,
        ReadOnlyRootFilesystem = true,
        Capabilities = new V1Capabilities { Drop = ["ALL"] },
    };
}
