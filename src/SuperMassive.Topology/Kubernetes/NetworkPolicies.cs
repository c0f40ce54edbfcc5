using k8s.Models;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology.Kubernetes;

/// <summary>
/// Who may talk to whom: nothing passes that no policy lets through. Probes need no rule, because a pod's own machine always reaches it.
/// </summary>
internal static class NetworkPolicies
{
    public const string DefaultDenyName = "default-deny";
    public const string MonitoringName = "monitoring";
    public const string MonitoringNamespace = "monitoring";

    private const string Ingress = "Ingress";
    private const string Egress = "Egress";
    private const int DnsPort = 53;

    /// <summary>Kubernetes puts it on every namespace.</summary>
    private const string NamespaceNameLabel = "kubernetes.io/metadata.name";

    public static V1NetworkPolicy DefaultDeny(KubernetesSettings settings) => Policy(
        Metadata.Of(DefaultDenyName, settings),
        new V1NetworkPolicySpec { PodSelector = new V1LabelSelector(), PolicyTypes = [Ingress, Egress] });

    /// <summary>Health and metrics, for whatever runs in the namespace for it.</summary>
    public static V1NetworkPolicy Monitoring(KubernetesSettings settings) => Policy(
        Metadata.Of(MonitoringName, settings),
        new V1NetworkPolicySpec
        {
            PodSelector = Selector(Labels.Common()),
            PolicyTypes = [Ingress],
            Ingress =
            [
                From(PodNetwork.HttpPort, new V1NetworkPolicyPeer
                {
                    NamespaceSelector = Selector(new() { [NamespaceNameLabel] = MonitoringNamespace }),
                }),
            ],
        });

    public static V1NetworkPolicy Of(TopologyProcess process, KubernetesSettings settings) => Policy(
        Metadata.Of(process.Name, settings),
        process switch
        {
            ClusterProcess => OfCluster(process.Name, settings.Topology.Replicas > 0),
            NodeProcess node => OfNode(node),
            _ => OfReplica(process.Name),
        });

    private static V1NetworkPolicySpec OfCluster(ProcessName name, bool hasReplicas) => Spec(
        name,
        [new V1NetworkPolicyPeer { NamespaceSelector = new V1LabelSelector(), PodSelector = Selector(new() { [Labels.Client] = "true" }) }],
        [
            To(PodNetwork.NodePort, Labels.OfAll(ServiceKind.Node)),
            .. hasReplicas ? [To(PodNetwork.ReplicaPort, Labels.OfAll(ServiceKind.Replica))] : Array.Empty<V1NetworkPolicyEgressRule>(),
            ToDns(),
        ]);

    private static V1NetworkPolicySpec OfNode(NodeProcess node) => Spec(
        node.Name,
        [Pods(Labels.OfAll(ServiceKind.Cluster))],
        node.Replicas.Count == 0
            ? []
            : [.. node.Replicas.Select(replica => To(PodNetwork.ReplicaPort, Labels.Only(replica.Name))), ToDns()]);

    /// <summary>It connects to nobody.</summary>
    private static V1NetworkPolicySpec OfReplica(ProcessName name) => Spec(
        name, [Pods(Labels.OfAll(ServiceKind.Cluster)), Pods(Labels.Only(ProcessName.OfNode(name.Node)))], []);

    private static V1NetworkPolicySpec Spec(ProcessName name, V1NetworkPolicyPeer[] callers, V1NetworkPolicyEgressRule[] calls) => new()
    {
        PodSelector = Selector(Labels.Only(name)),
        PolicyTypes = calls.Length > 0 ? [Ingress, Egress] : [Ingress],
        Ingress = [From(PodNetwork.PortOf(name.Kind), callers)],
        Egress = calls.Length > 0 ? calls : null,
    };

    private static V1NetworkPolicyIngressRule From(int port, params V1NetworkPolicyPeer[] peers) =>
        new() { FromProperty = peers, Ports = [Port(port, "TCP")] };

    private static V1NetworkPolicyEgressRule To(int port, Dictionary<string, string> labels) =>
        new() { To = [Pods(labels)], Ports = [Port(port, "TCP")] };

    /// <summary>Wherever the resolver is: one that runs on each machine has that machine's address, which no selector matches.</summary>
    private static V1NetworkPolicyEgressRule ToDns() => new() { Ports = [Port(DnsPort, "UDP"), Port(DnsPort, "TCP")] };

    private static V1NetworkPolicyPeer Pods(Dictionary<string, string> labels) => new() { PodSelector = Selector(labels) };

    private static V1NetworkPolicyPort Port(int port, string protocol) => new() { Port = port, Protocol = protocol };

    private static V1LabelSelector Selector(Dictionary<string, string> labels) => new() { MatchLabels = labels };

    private static V1NetworkPolicy Policy(V1ObjectMeta metadata, V1NetworkPolicySpec spec) =>
        new() { ApiVersion = "networking.k8s.io/v1", Kind = V1NetworkPolicy.KubeKind, Metadata = metadata, Spec = spec };
}
