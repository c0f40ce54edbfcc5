using k8s.Models;
using SuperMassive.Server.Configuration;
using SuperMassive.Server.Hosting;

namespace SuperMassive.Topology.Kubernetes;

/// <summary>The pod of a process: who it runs as, where it may run, and its volumes.</summary>
internal static class PodTemplates
{
    public const string DataVolume = "data";
    public const string ConfigurationVolume = "configuration";
    public const string SecretsVolume = "secrets";
    public const string TemporaryVolume = "temporary";

    /// <summary>The user <c>app</c> of .NET's images; the project files of the services name it too.</summary>
    public const long UserId = 1_654;

    /// <summary>Read by owner and group, in octal 0440: the group is the process's by <c>fsGroup</c>.</summary>
    private const int SecretMode = 0b100_100_000;

    private const string TemporaryBytes = "64Mi";

    /// <summary>For what comes after draining: the last write and fsync of the journal, and the web server's end.</summary>
    private const int AfterDrainSeconds = 16;

    private const string HostLabel = "kubernetes.io/hostname";
    private const string ZoneLabel = "topology.kubernetes.io/zone";

    public static V1PodTemplateSpec Of(TopologyProcess process, KubernetesSettings settings) => new()
    {
        Metadata = new V1ObjectMeta { Labels = Labels.Of(process.Name) },
        Spec = new V1PodSpec
        {
            AutomountServiceAccountToken = false,
            // Kubernetes would set SUPERMASSIVE_PORT and the like for the service of that name, and they are this program's own variables
            EnableServiceLinks = false,
            SecurityContext = new V1PodSecurityContext
            {
                RunAsNonRoot = true,
                RunAsUser = UserId,
                RunAsGroup = UserId,
                FsGroup = UserId,
                FsGroupChangePolicy = "OnRootMismatch",
                SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
            },
            TerminationGracePeriodSeconds = LoopService.DrainLimitMs / 1_000 + AfterDrainSeconds,
            Affinity = process.Kind == ServiceKind.Cluster ? null : new V1Affinity { PodAntiAffinity = Apart(process.Name) },
            InitContainers = [Containers.Link(process, settings)],
            Containers = [Containers.Of(process, settings)],
            Volumes =
            [
                new V1Volume { Name = ConfigurationVolume, ConfigMap = new V1ConfigMapVolumeSource { Name = process.Name } },
                new V1Volume { Name = SecretsVolume, Secret = Secrets(process) },
                new V1Volume { Name = TemporaryVolume, EmptyDir = new V1EmptyDirVolumeSource { SizeLimit = new(TemporaryBytes) } },
            ],
        },
    };

    /// <summary>Only the keys that this process needs.</summary>
    private static V1SecretVolumeSource Secrets(TopologyProcess process) => new()
    {
        SecretName = SecretReferences.SecretName,
        DefaultMode = SecretMode,
        Items = [.. SecretReferences.Of(process).Select(secret => new V1KeyToPath { Key = secret.Key, Path = secret.Key })],
    };

    /// <summary>
    /// One machine's loss must not take two copies of a shard: required. That it takes one primary only, and that a zone's loss
    /// leaves a copy, is better but not worth a pod that cannot start.
    /// </summary>
    private static V1PodAntiAffinity Apart(ProcessName process)
    {
        var shard = Labels.Common();
        shard.Add(Labels.Shard, ProcessName.OfNode(process.Node));
        List<V1WeightedPodAffinityTerm> preferred = [new() { Weight = 100, PodAffinityTerm = Term(shard, ZoneLabel) }];
        if (process.Kind == ServiceKind.Node)
            preferred.Add(new() { Weight = 50, PodAffinityTerm = Term(Labels.OfAll(ServiceKind.Node), HostLabel) });
        return new V1PodAntiAffinity
        {
            RequiredDuringSchedulingIgnoredDuringExecution = [Term(shard, HostLabel)],
            PreferredDuringSchedulingIgnoredDuringExecution = preferred,
        };
    }

    private static V1PodAffinityTerm Term(Dictionary<string, string> labels, string topologyKey) =>
        new() { LabelSelector = new V1LabelSelector { MatchLabels = labels }, TopologyKey = topologyKey };
}
