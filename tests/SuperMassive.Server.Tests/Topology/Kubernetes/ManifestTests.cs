using System.Text.RegularExpressions;
using k8s.Models;
using SuperMassive.Server.Configuration;
using SuperMassive.Server.Hosting;
using SuperMassive.ServiceDefaults;
using SuperMassive.Topology.Kubernetes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SuperMassive.Topology.Tests.Kubernetes;

/// <summary>Every object is what Kubernetes takes, and all that it refers to is there.</summary>
public sealed partial class ManifestTests
{
    public static TheoryData<int, int> Topologies { get; } = new() { { 1, 0 }, { 2, 1 }, { 3, 2 } };

    [Theory]
    [MemberData(nameof(Topologies))]
    public void Files_are_one_per_object_and_all_are_applied(int nodes, int replicas)
    {
        var deployment = Deployment.Of(nodes, replicas);
        var processes = 1 + nodes + nodes * replicas;
        Assert.Equal(processes, deployment.StatefulSets.Count);
        Assert.Equal(processes, deployment.ConfigMaps.Count);
        Assert.Equal(processes + 1, deployment.Services.Count);
        Assert.Equal(processes + 2, deployment.Policies.Count);
        Assert.Equal(deployment.Files.Skip(1).Select(file => file.Name), deployment.Kustomization.Resources);
        Assert.Equal(deployment.Objects.Count(), deployment.Kustomization.Resources.Count);
        Assert.Equal(deployment.Files, KubernetesManifests.Create(deployment.Settings with { }));
        Assert.All(deployment.Files, file => Assert.EndsWith("\n", file.Text));
    }

    [Theory]
    [MemberData(nameof(Topologies))]
    public void All_are_in_the_namespace_and_labelled(int nodes, int replicas)
    {
        var deployment = Deployment.Of(new KubernetesSettings
        {
            Topology = new TopologySettings { Nodes = nodes, Replicas = replicas },
            Namespace = "store",
        });
        Assert.Equal("store", Assert.Single(deployment.Namespaces).Metadata.Name);
        Assert.Equal("restricted", deployment.Namespaces[0].Metadata.Labels["pod-security.kubernetes.io/enforce"]);
        Assert.Equal("store", deployment.Kustomization.Namespace);
        Assert.All(deployment.Objects.Skip(1), item => Assert.Equal("store", item.Metadata.NamespaceProperty));
        Assert.All(deployment.Objects, item => Assert.Equal("supermassive", item.Metadata.Labels["app.kubernetes.io/name"]));
    }

    [Theory]
    [MemberData(nameof(Topologies))]
    public void Selectors_find_the_pods_they_mean(int nodes, int replicas)
    {
        var deployment = Deployment.Of(nodes, replicas);
        foreach (var set in deployment.StatefulSets)
        {
            Assert.Equal(1, set.Spec.Replicas);
            Assert.Same(set, Assert.Single(deployment.StatefulSets,
                other => Deployment.Matches(set.Spec.Selector, other.Spec.Template.Metadata.Labels)));
            Assert.Equal("None", deployment.Service(set.Spec.ServiceName).Spec.ClusterIP);
        }
        foreach (var service in deployment.Services)
        {
            var set = Assert.Single(deployment.StatefulSets,
                set => Deployment.Includes(service.Spec.Selector, set.Spec.Template.Metadata.Labels));
            var ports = Deployment.Container(set).Ports.ToDictionary(port => port.Name, port => port.ContainerPort);
            Assert.All(service.Spec.Ports, port => Assert.Equal(port.Port, ports[port.TargetPort.Value]));
        }
        Assert.Equal("cluster", deployment.Service("supermassive").Spec.Selector["supermassive/process"]);
        Assert.Equal(4_000, Assert.Single(deployment.Service("supermassive").Spec.Ports).Port);

        var budget = Assert.Single(deployment.Budgets).Spec;
        Assert.Equal("1", budget.MaxUnavailable.Value);
        Assert.All(deployment.StatefulSets, set => Assert.Equal(
            Deployment.KindOf(set) != ServiceKind.Cluster, Deployment.Matches(budget.Selector, set.Spec.Template.Metadata.Labels)));
    }

    [Theory]
    [MemberData(nameof(Topologies))]
    public void Copies_of_a_shard_are_on_machines_of_their_own(int nodes, int replicas)
    {
        var deployment = Deployment.Of(nodes, replicas);
        foreach (var set in deployment.StatefulSets.Where(set => Deployment.KindOf(set) != ServiceKind.Cluster))
        {
            var term = Assert.Single(set.Spec.Template.Spec.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution);
            Assert.Equal("kubernetes.io/hostname", term.TopologyKey);
            var shard = Regex.Match(set.Metadata.Name, "^node-[0-9]+").Value;
            Assert.All(deployment.StatefulSets, other => Assert.Equal(
                other.Metadata.Name == shard || other.Metadata.Name.StartsWith(shard + "-", StringComparison.Ordinal),
                Deployment.Matches(term.LabelSelector, other.Spec.Template.Metadata.Labels)));
        }
        Assert.Null(deployment.StatefulSet("cluster").Spec.Template.Spec.Affinity);
    }

    [Theory]
    [MemberData(nameof(Topologies))]
    public void Pods_are_confined_and_probed(int nodes, int replicas)
    {
        foreach (var set in Deployment.Of(nodes, replicas).StatefulSets)
        {
            var pod = set.Spec.Template.Spec;
            Assert.Equal((true, 1_654, 1_654, "RuntimeDefault"), (
                pod.SecurityContext.RunAsNonRoot, pod.SecurityContext.RunAsUser, pod.SecurityContext.FsGroup,
                pod.SecurityContext.SeccompProfile.Type));
            Assert.Equal((false, false), (pod.AutomountServiceAccountToken, pod.EnableServiceLinks));
            Assert.True(pod.TerminationGracePeriodSeconds * 1_000 >= 2 * LoopService.DrainLimitMs);
            Assert.All([.. pod.Containers, .. pod.InitContainers], Confined);

            var container = Deployment.Container(set);
            Assert.Equal(ServiceDefaultsExtensions.ReadyPath, container.ReadinessProbe.HttpGet.Path);
            // a process that recovers is alive and not ready
            Assert.Equal(ServiceDefaultsExtensions.LivePath, container.LivenessProbe.HttpGet.Path);
            Assert.Equal(ServiceDefaultsExtensions.LivePath, container.StartupProbe.HttpGet.Path);
            Assert.All([container.ReadinessProbe, container.LivenessProbe, container.StartupProbe],
                probe => Assert.Contains(container.Ports, port => port.Name == probe.HttpGet.Port.Value && port.ContainerPort == 8_080));

            string[] volumes =
                [.. pod.Volumes.Select(volume => volume.Name), .. set.Spec.VolumeClaimTemplates.Select(claim => claim.Metadata.Name)];
            Assert.Equal(volumes.Order(), container.VolumeMounts.Select(mount => mount.Name).Order());
            Assert.All(pod.InitContainers[0].VolumeMounts, mount => Assert.Contains(mount.Name, volumes));
        }

        static void Confined(V1Container container)
        {
            var context = container.SecurityContext;
            Assert.Equal((false, true), (context.AllowPrivilegeEscalation, context.ReadOnlyRootFilesystem));
            Assert.Equal(["ALL"], context.Capabilities.Drop);
            Assert.Null(context.Capabilities.Add);
        }
    }

    /// <summary>The serializer quotes what it takes for a number; Kubernetes knows more kinds of them, and wants text here.</summary>
    [Theory]
    [MemberData(nameof(Topologies))]
    public void Text_that_looks_like_a_number_is_quoted(int nodes, int replicas)
    {
        foreach (var file in Deployment.Of(nodes, replicas).Files)
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(file.Text));
            foreach (var node in Assert.Single(stream.Documents).AllNodes.OfType<YamlMappingNode>())
            {
                foreach (var (key, value) in node.Children.Where(pair => ((YamlScalarNode)pair.Key).Value is "value" || IsLabel(pair.Key)))
                {
                    if (value is YamlScalarNode { Style: ScalarStyle.Plain } plain)
                        Assert.DoesNotMatch(NotText(), plain.Value ?? "");
                }
            }
        }

        static bool IsLabel(YamlNode key) => ((YamlScalarNode)key).Value?.Contains('/') == true;
    }

    [GeneratedRegex(@"^([-+.]?[0-9].*|y|n|yes|no|on|off|true|false|null|~|)\z", RegexOptions.IgnoreCase)]
    private static partial Regex NotText();
}
