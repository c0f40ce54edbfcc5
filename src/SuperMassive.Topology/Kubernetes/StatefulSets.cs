using k8s.Models;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology.Kubernetes;

/// <summary>
/// One StatefulSet of one pod for each process, the cluster too. Every process differs from the others in its configuration, so each has
/// its own; and it can be restarted, resized, moved or taken away alone, where a StatefulSet of many can only give up its last.
/// </summary>
/// <remarks>
/// A StatefulSet never has two pods of one name, not even when a machine falls silent: a pod is replaced once it is known to be gone. A
/// Deployment that recreates promises that for its roll-outs only. So there are never two cluster processes over one state file, nor two
/// processes over one journal; should somebody force it, epochs and the journal's lock refuse the older one.
/// </remarks>
internal static class StatefulSets
{
    /// <summary>Room for a state file of some hundred bytes; few providers have smaller volumes.</summary>
    private const long ClusterStorageBytes = ByteSize.Gibibyte;

    public static V1StatefulSet Of(TopologyProcess process, KubernetesSettings settings) => new()
    {
        ApiVersion = "apps/v1",
        Kind = V1StatefulSet.KubeKind,
        Metadata = Metadata.Of(process.Name, settings),
        Spec = new V1StatefulSetSpec
        {
            ServiceName = process.Name,
            Replicas = 1,
            // with one pod this orders nothing; it lets a corrected template replace a pod that never became ready
            PodManagementPolicy = "Parallel",
            Selector = new V1LabelSelector { MatchLabels = Labels.Only(process.Name) },
            Template = PodTemplates.Of(process, settings),
            VolumeClaimTemplates = [Volume(process, settings)],
            PersistentVolumeClaimRetentionPolicy = new() { WhenDeleted = "Retain", WhenScaled = "Retain" },
        },
    };

    private static V1PersistentVolumeClaim Volume(TopologyProcess process, KubernetesSettings settings)
    {
        var bytes = process.Kind == ServiceKind.Cluster ? ClusterStorageBytes : settings.EffectiveStorageBytes;
        return new V1PersistentVolumeClaim
        {
            Metadata = new V1ObjectMeta { Name = PodTemplates.DataVolume, Labels = Labels.Of(process.Name) },
            Spec = new V1PersistentVolumeClaimSpec
            {
                AccessModes = ["ReadWriteOnce"],
                Resources = new V1VolumeResourceRequirements
                {
                    Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new(ByteSize.Text(bytes)) },
                },
            },
        };
    }
}
