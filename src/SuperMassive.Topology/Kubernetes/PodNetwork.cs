using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology.Kubernetes;

/// <summary>Ports and addresses. Each pod has an address of its own, so that a kind of process has the same port everywhere.</summary>
internal static class PodNetwork
{
    public const string ListenHost = "0.0.0.0";
    public const string DatabasePortName = "supermassive";
    public const string HttpPortName = "http";
    public const int HttpPort = 8_080;
    public const int ClusterPort = 4_000;
    public const int NodePort = 4_001;
    public const int ReplicaPort = 4_002;

    /// <summary>Service for clients.</summary>
    public const string ClientService = "supermassive";

    public static int PortOf(ServiceKind kind) => kind switch
    {
        ServiceKind.Cluster => ClusterPort,
        ServiceKind.Node => NodePort,
        _ => ReplicaPort,
    };

    /// <summary>
    /// The pod's name under its headless service. Without the namespace, because all are in one: the files then hold in any namespace
    /// that a kustomization moves them to.
    /// </summary>
    public static string AddressOf(ProcessName process) => new HostPort($"{PodOf(process)}.{process}", PortOf(process.Kind)).ToString();

    public static string HttpAddressOf(ProcessName process) => new HostPort(ListenHost, HttpPort).ToString();

    /// <summary>The one pod of a process's StatefulSet.</summary>
    public static string PodOf(ProcessName process) => $"{process}-0";
}
