using System.Globalization;
using k8s.Models;
using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;
using SuperMassive.Server.Configuration;
using SuperMassive.Server.Tests.Configuration;
using SuperMassive.Topology.Kubernetes;

namespace SuperMassive.Topology.Tests.Kubernetes;

/// <summary>What the processes read in their pods: configuration, arguments, secrets and memory.</summary>
public sealed class ManifestConfigurationTests
{
    private const string SharedKey = "0123456789abcdef-canary";

    public static TheoryData<int, int> Topologies => ManifestTests.Topologies;

    [Theory]
    [MemberData(nameof(Topologies))]
    public void Addresses_are_those_of_pods(int nodes, int replicas)
    {
        var deployment = Deployment.Of(nodes, replicas);
        var cluster = ClusterOptions.Parse(deployment.ConfigurationOf(deployment.StatefulSet("cluster")), "/");
        Assert.Equal(("0.0.0.0:4000", "0.0.0.0:8080"), (cluster.Server.Address, cluster.HttpAddress));
        Assert.Equal(nodes, cluster.Shards.Count);
        for (var n = 1; n <= nodes; n++)
        {
            var shard = cluster.Shards[n - 1];
            Assert.Equal($"node-{n}", ProcessAt(deployment, shard.Primary));
            var node = NodeOptions.Parse(deployment.ConfigurationOf(deployment.StatefulSet($"node-{n}")), "/");
            Assert.Equal(("0.0.0.0:4001", "0.0.0.0:8080"), (node.Server.Address, node.HttpAddress));
            Assert.Equal(shard.Replicas, node.Replicas);
            Assert.Equal(
                Enumerable.Range(1, replicas).Select(r => $"node-{n}-replica-{r}"),
                shard.Replicas.Select(peer => ProcessAt(deployment, peer)));
            foreach (var name in shard.Replicas.Select(peer => ProcessAt(deployment, peer)))
            {
                var replica = ReplicaOptions.Parse(deployment.ConfigurationOf(deployment.StatefulSet(name)), "/");
                Assert.Equal(("0.0.0.0:4002", "0.0.0.0:8080"), (replica.Server.Address, replica.HttpAddress));
            }
        }
    }

    [Fact]
    public void Modes_reach_the_configuration()
    {
        var deployment = Deployment.Of(new KubernetesSettings
        {
            Topology = new TopologySettings { ReadMode = ReadMode.Available, JournalMode = JournalMode.Always, ReplicaAcks = 1 },
        });
        Assert.Equal(
            ReadMode.Available, ClusterOptions.Parse(deployment.ConfigurationOf(deployment.StatefulSet("cluster")), "/").ReadMode);
        var node = NodeOptions.Parse(deployment.ConfigurationOf(deployment.StatefulSet("node-2")), "/");
        Assert.Equal((JournalMode.Always, 1), (node.JournalMode, node.ReplicaAcks));
    }

    /// <summary>Every process starts with its arguments and its environment, when the Secret has the keys that the comment makes.</summary>
    [Theory]
    [MemberData(nameof(Topologies))]
    public void Secrets_are_files_of_one_secret(int nodes, int replicas)
    {
        var deployment = Deployment.Of(nodes, replicas);
        var made = new Dictionary<string, string> { ["username"] = "ann", ["password"] = "hush-hush", ["shared-key"] = SharedKey };
        var index = deployment.Files[0].Text;
        Assert.All(made.Keys, key => Assert.Contains($"{key}=", index));
        Assert.Contains("kubectl create secret generic supermassive --namespace supermassive", index);

        foreach (var set in deployment.StatefulSets)
        {
            var files = SecretFiles(set, made);
            var variables = Deployment.Container(set).Env.ToDictionary(variable => variable.Name, variable => variable.Value);
            var parsed = ServiceArguments.Parse([.. Deployment.Container(set).Args], Deployment.KindOf(set), new ArgumentSources
            {
                Environment = name => variables.GetValueOrDefault(name),
                ReadSecretFile = path => new SecretFile(files[path], null, false),
            });
            Assert.Empty(parsed.Errors);
            Assert.Equal("/data", parsed.Value?.Directory);
            Assert.Equal(System.Text.Encoding.UTF8.GetBytes(SharedKey), parsed.Value?.Secrets.SharedKey);
            Assert.Equal(Deployment.KindOf(set) == ServiceKind.Cluster ? 3 : 1, files.Count);
        }
    }

    [Fact]
    public void No_secret_is_in_any_file()
    {
        var deployment = Deployment.Of(new KubernetesSettings
        {
            Topology = new TopologySettings { Username = "canary-name", Password = "canary-word", SharedKey = SharedKey },
        });
        Assert.All(deployment.Files, file => Assert.DoesNotContain("canary", file.Text));
        Assert.All(deployment.Files, file => Assert.DoesNotContain("kind: Secret", file.Text));
        Assert.Equal(deployment.Files, KubernetesManifests.Create(new KubernetesSettings()));
    }

    [Theory]
    [InlineData(1_024, 75)]
    [InlineData(1_536, 20)]
    [InlineData(16_384, 90)]
    public void Data_fit_the_memory_limit_and_the_volume(int memoryMebibytes, int threshold)
    {
        var deployment = Deployment.Of(new KubernetesSettings
        {
            Topology = new TopologySettings { MaxMemoryThreshold = threshold },
            MemoryBytes = memoryMebibytes * 1_048_576L,
        });
        foreach (var set in deployment.StatefulSets.Where(set => Deployment.KindOf(set) != ServiceKind.Cluster))
        {
            var container = Deployment.Container(set);
            var limit = container.Resources.Limits["memory"].ToInt64();
            Assert.Equal(memoryMebibytes * 1_048_576L, limit);
            Assert.Equal(limit, container.Resources.Requests["memory"].ToInt64());

            var percent = int.Parse(
                Assert.Single(container.Env, variable => variable.Name == "DOTNET_GCHeapHardLimitPercent").Value,
                NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            // the runtime ignores 100
            Assert.InRange(percent, 1, 99);
            var data = MaxMemoryBytes(deployment, set, limit * percent / 100);
            Assert.InRange(data, limit * (threshold - 1) / 100, limit * threshold / 100);
            Assert.True(limit - data >= 256 * 1_048_576L);
            Assert.True(Assert.Single(set.Spec.VolumeClaimTemplates).Spec.Resources.Requests["storage"].ToInt64() >= 3 * data);
        }
        Assert.DoesNotContain(
            Deployment.Container(deployment.StatefulSet("cluster")).Env, variable => variable.Name == "DOTNET_GCHeapHardLimitPercent");
    }

    /// <summary>As the kubelet changes a mounted ConfigMap: by another target for a link on the way to the file.</summary>
    [Fact]
    public void Through_the_link_a_process_sees_the_changed_configuration()
    {
        using var folder = new TemporaryFolder();
        var options = new NodeOptions();
        foreach (var (version, threshold) in new[] { ("one", 30), ("two", 40) })
        {
            Directory.CreateDirectory(folder.File(version));
            File.WriteAllText(folder.File($"{version}/.node"), (options with { MaxMemoryThreshold = threshold }).Write());
        }
        Directory.CreateDirectory(folder.File("data"));
        File.CreateSymbolicLink(folder.File("mounted"), folder.File("one"));
        File.CreateSymbolicLink(folder.File("data/.node"), folder.File("mounted/.node"));
        Assert.Equal(30, NodeOptions.LoadOrCreate(folder.File("data")).MaxMemoryThreshold);

        Directory.Delete(folder.File("mounted"));
        File.CreateSymbolicLink(folder.File("mounted"), folder.File("two"));
        Assert.Equal(40, NodeOptions.Load(folder.File("data")).MaxMemoryThreshold);
    }

    private static long MaxMemoryBytes(Deployment deployment, V1StatefulSet set, long availableBytes)
    {
        var secrets = new Secrets([], [], []);
        var yaml = deployment.ConfigurationOf(set);
        return Deployment.KindOf(set) == ServiceKind.Node
            ? NodeOptions.Parse(yaml, "/").ToSettings(secrets, availableBytes).MaxMemoryBytes
            : ReplicaOptions.Parse(yaml, "/").ToSettings(secrets, availableBytes).MaxMemoryBytes;
    }

    /// <summary>What the secret volume puts into the container, by path.</summary>
    private static Dictionary<string, string> SecretFiles(V1StatefulSet set, Dictionary<string, string> made)
    {
        var volume = Assert.Single(set.Spec.Template.Spec.Volumes, volume => volume.Secret is not null);
        Assert.Equal(("supermassive", 0b100_100_000), (volume.Secret.SecretName, volume.Secret.DefaultMode));
        var mount = Assert.Single(Deployment.Container(set).VolumeMounts, mount => mount.Name == volume.Name);
        return volume.Secret.Items.ToDictionary(item => $"{mount.MountPath}/{item.Path}", item => made[item.Key]);
    }

    /// <returns>The process whose pod has this name and listens on this port.</returns>
    private static string ProcessAt(Deployment deployment, PeerAddress peer)
    {
        var address = HostPort.Parse(peer.Address);
        var names = address.Host.Split('.');
        Assert.Equal(2, names.Length);
        var service = deployment.Service(names[1]);
        var set = Assert.Single(deployment.StatefulSets, set => set.Spec.ServiceName == names[1] && $"{set.Metadata.Name}-0" == names[0]);
        Assert.True(Deployment.Includes(service.Spec.Selector, set.Spec.Template.Metadata.Labels));
        Assert.True(service.Spec.PublishNotReadyAddresses);
        Assert.Contains(service.Spec.Ports, port => port.Port == address.Port);
        Assert.Contains(Deployment.Container(set).Ports, port => port.ContainerPort == address.Port);
        return set.Metadata.Name;
    }
}
