using k8s.Models;

namespace SuperMassive.Topology.Kubernetes;

/// <summary>Names that resolve to pods.</summary>
internal static class Services
{
    /// <summary>Gives the process's pod its name, which the other processes have in their configuration.</summary>
    public static V1Service Headless(ProcessName process, KubernetesSettings settings) => new()
    {
        ApiVersion = "v1",
        Kind = V1Service.KubeKind,
        Metadata = Metadata.Of(process, settings),
        Spec = new V1ServiceSpec
        {
            ClusterIP = "None",
            // a recovering process keeps its name: resolvers would remember for a while that there was none
            PublishNotReadyAddresses = true,
            Selector = Labels.Only(process),
            Ports = [DatabasePort(process), Port(PodNetwork.HttpPortName, PodNetwork.HttpPort)],
        },
    };

    /// <summary>Where clients connect.</summary>
    public static V1Service ForClients(KubernetesSettings settings) => new()
    {
        ApiVersion = "v1",
        Kind = V1Service.KubeKind,
        Metadata = Metadata.Of(PodNetwork.ClientService, settings),
        Spec = new V1ServiceSpec
        {
            Type = "ClusterIP",
            Selector = Labels.Only(ProcessName.Cluster),
            Ports = [DatabasePort(ProcessName.Cluster)],
        },
    };

    private static V1ServicePort DatabasePort(ProcessName process) => Port(PodNetwork.DatabasePortName, PodNetwork.PortOf(process.Kind));

    private static V1ServicePort Port(string name, int port) => new() { Name = name, Port = port, TargetPort = name, Protocol = "TCP" };
}
