using k8s;
using k8s.Models;
using SuperMassive.Server.Configuration;
using SuperMassive.Topology.Kubernetes;

namespace SuperMassive.Topology.Tests.Kubernetes;

/// <summary>Generated files, read back strictly as the objects they say they are.</summary>
internal sealed class Deployment
{
    private Deployment(KubernetesSettings settings)
    {
        Settings = settings;
        Files = KubernetesManifests.Create(settings);
        ConfigMaps = All<V1ConfigMap>("configmap");
        Services = All<V1Service>("service");
        StatefulSets = All<V1StatefulSet>("statefulset");
        Policies = All<V1NetworkPolicy>("networkpolicy");
        Budgets = All<V1PodDisruptionBudget>("poddisruptionbudget");
        Namespaces = All<V1Namespace>("namespace");
        var index = Assert.Single(Files, file => file.Name == Kustomization.FileName);
        Kustomization = KubernetesYaml.Deserialize<Kustomization>(index.Text, strict: true);
    }

    public KubernetesSettings Settings { get; }

    public IReadOnlyList<ManifestFile> Files { get; }

    public Kustomization Kustomization { get; }

    public IReadOnlyList<V1ConfigMap> ConfigMaps { get; }

    public IReadOnlyList<V1Service> Services { get; }

    public IReadOnlyList<V1StatefulSet> StatefulSets { get; }

    public IReadOnlyList<V1NetworkPolicy> Policies { get; }

    public IReadOnlyList<V1PodDisruptionBudget> Budgets { get; }

    public IReadOnlyList<V1Namespace> Namespaces { get; }

    public IEnumerable<IKubernetesObject<V1ObjectMeta>> Objects =>
        [.. Namespaces, .. Policies, .. Budgets, .. Services, .. ConfigMaps, .. StatefulSets];

    public static Deployment Of(int nodes, int replicas) =>
        Of(new KubernetesSettings { Topology = new TopologySettings { Nodes = nodes, Replicas = replicas } });

    public static Deployment Of(KubernetesSettings settings) => new(settings);

    public V1StatefulSet StatefulSet(string name) => Assert.Single(StatefulSets, set => set.Metadata.Name == name);

    public V1Service Service(string name) => Assert.Single(Services, service => service.Metadata.Name == name);

    /// <summary>The configuration file that a process finds, through the link and the volume of its pod.</summary>
    public string ConfigurationOf(V1StatefulSet set)
    {
        var pod = set.Spec.Template.Spec;
        var command = Assert.Single(pod.InitContainers).Command;
        Assert.Equal(["ln", "-sfT"], command.Take(2));
        var mount = Assert.Single(
            Container(set).VolumeMounts, mount => command[2].StartsWith(mount.MountPath + "/", StringComparison.Ordinal));
        var volume = Assert.Single(pod.Volumes, volume => volume.Name == mount.Name);
        var map = Assert.Single(ConfigMaps, map => map.Metadata.Name == volume.ConfigMap.Name);
        var file = Assert.Single(map.Data);
        Assert.Equal($"{mount.MountPath}/{file.Key}", command[2]);
        Assert.Equal($"{Container(set).Args[1]}/{file.Key}", command[3]);
        return file.Value;
    }

    public static V1Container Container(V1StatefulSet set) => Assert.Single(set.Spec.Template.Spec.Containers);

    public static ServiceKind KindOf(V1StatefulSet set) =>
        Enum.Parse<ServiceKind>(set.Spec.Template.Metadata.Labels["app.kubernetes.io/component"], ignoreCase: true);

    public static bool Matches(V1LabelSelector selector, IDictionary<string, string> labels) =>
        Includes(selector.MatchLabels, labels)
        && (selector.MatchExpressions ?? []).All(term => term.OperatorProperty == "In"
            ? labels.TryGetValue(term.Key, out var value) && term.Values.Contains(value)
            : throw new NotSupportedException(term.OperatorProperty));

    public static bool Includes(IDictionary<string, string>? selector, IDictionary<string, string> labels) =>
        (selector ?? new Dictionary<string, string>()).All(pair => labels.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private List<T> All<T>(string kind) where T : class, IKubernetesObject<V1ObjectMeta>
    {
        List<T> values = [];
        foreach (var file in Files.Where(file => file.Name.EndsWith($".{kind}.yaml", StringComparison.Ordinal)))
        {
            var value = KubernetesYaml.Deserialize<T>(file.Text, strict: true);
            Assert.Equal($"{value.Metadata.Name}.{value.Kind.ToLowerInvariant()}.yaml", file.Name);
            // whatever the model did not take would be missing here
            Assert.Equal(file.Text, KubernetesManifests.Header + KubernetesYaml.Serialize(value).TrimEnd() + "\n");
            values.Add(value);
        }
        return values;
    }
}
