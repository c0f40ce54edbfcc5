using k8s.Models;

namespace SuperMassive.Topology.Tests.Kubernetes;

/// <summary>Who reaches whom once all policies are in force, for every pair of pods.</summary>
public sealed class NetworkPolicyTests
{
    private const string Own = "supermassive";

    private static readonly Dictionary<string, string> Bare = [];
    private static readonly Pod Client = new("client", "shop", new Dictionary<string, string> { ["supermassive/client"] = "true" });
    private static readonly Pod Stranger = new("stranger", Own, Bare);
    private static readonly Pod Prometheus = new("prometheus", "monitoring", Bare);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public void Only_what_must_talk_may(int nodes, int replicas)
    {
        var deployment = Deployment.Of(nodes, replicas);
        Pod[] processes = [.. deployment.StatefulSets.Select(set => new Pod(set.Metadata.Name, Own, set.Spec.Template.Metadata.Labels))];
        List<string> expected = ["client>cluster:4000"];
        expected.AddRange(processes.Select(process => $"prometheus>{process.Name}:8080"));
        for (var n = 1; n <= nodes; n++)
        {
            expected.Add($"cluster>node-{n}:4001");
            for (var r = 1; r <= replicas; r++)
                expected.AddRange([$"cluster>node-{n}-replica-{r}:4002", $"node-{n}>node-{n}-replica-{r}:4002"]);
        }

        var allowed =
            from source in processes.Append(Client).Append(Stranger).Append(Prometheus)
            from target in processes
            where source != target
            from port in new[] { 4_000, 4_001, 4_002, 8_080, 53 }
            where MaySend(deployment, source, target, port) && MayReceive(deployment, source, target, port)
            select $"{source.Name}>{target.Name}:{port}";
        Assert.Equal(expected.Order(), allowed.Order());
    }

    [Theory]
    [InlineData(0, "cluster")]
    [InlineData(1, "cluster node-1 node-2")]
    public void Names_are_resolved_by_those_who_connect(int replicas, string expected)
    {
        var deployment = Deployment.Of(2, replicas);
        var resolver = new Pod("resolver", "kube-system", Bare);
        Assert.Equal(expected, string.Join(' ', deployment.StatefulSets
            .Where(set => MaySend(deployment, new Pod("", Own, set.Spec.Template.Metadata.Labels), resolver, 53))
            .Select(set => set.Metadata.Name)));
    }

    private static bool MaySend(Deployment deployment, Pod source, Pod target, int port)
    {
        if (source.Namespace != Own)
            return true;
        var policies = PoliciesOf(deployment, source, "Egress");
        return policies.Count == 0 || policies.Any(policy => (policy.Spec.Egress ?? []).Any(rule =>
            HasPort(rule.Ports, port) && HasPeer(rule.To, target)));
    }

    private static bool MayReceive(Deployment deployment, Pod source, Pod target, int port)
    {
        var policies = PoliciesOf(deployment, target, "Ingress");
        return policies.Count == 0 || policies.Any(policy => (policy.Spec.Ingress ?? []).Any(rule =>
            HasPort(rule.Ports, port) && HasPeer(rule.FromProperty, source)));
    }

    private static List<V1NetworkPolicy> PoliciesOf(Deployment deployment, Pod pod, string type) =>
    [
        .. deployment.Policies.Where(policy =>
            policy.Spec.PolicyTypes.Contains(type) && Deployment.Matches(policy.Spec.PodSelector, pod.Labels)),
    ];

    /// <summary>A rule without ports is for all of them, and one without peers for everybody.</summary>
    private static bool HasPort(IList<V1NetworkPolicyPort>? ports, int port) =>
        ports is null || ports.Any(each => each.Port.Value == $"{port}");

    private static bool HasPeer(IList<V1NetworkPolicyPeer>? peers, Pod pod) => peers is null || peers.Any(peer =>
        (peer.NamespaceSelector is null
            ? pod.Namespace == Own
            : Deployment.Matches(peer.NamespaceSelector, NamespaceLabels(pod)))
        && (peer.PodSelector is null || Deployment.Matches(peer.PodSelector, pod.Labels)));

    private static Dictionary<string, string> NamespaceLabels(Pod pod) => new() { ["kubernetes.io/metadata.name"] = pod.Namespace };

    private sealed record Pod(string Name, string Namespace, IDictionary<string, string> Labels);
}
