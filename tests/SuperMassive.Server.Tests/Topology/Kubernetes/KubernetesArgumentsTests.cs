using System.CommandLine;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;
using SuperMassive.Server.Configuration;
using SuperMassive.Topology.Kubernetes;

namespace SuperMassive.Topology.Tests.Kubernetes;

/// <summary>Options that make a deployment's settings, and the settings that make none.</summary>
public sealed class KubernetesArgumentsTests
{
    [Fact]
    public void Nothing_given_is_the_default() => Assert.Equal(new KubernetesSettings(), Parse("").Value);

    [Fact]
    public void Every_option() => Assert.Equal(
        new KubernetesSettings
        {
            Topology = new TopologySettings
            {
                Nodes = 3,
                Replicas = 2,
                MaxMemoryThreshold = 50,
                ReadMode = ReadMode.Available,
                JournalMode = JournalMode.Async,
                ReplicaAcks = 2,
            },
            Namespace = "store",
            ImagePrefix = "registry.example:5000/team/",
            ImageTag = "2.1",
            MemoryBytes = 1_536L << 20,
            StorageBytes = 8L << 30,
        },
        Parse("--nodes 3 --replicas 2 --max-memory-threshold 50 --read-mode available --journal-mode async --replica-acks 2 "
            + "--namespace store --image-prefix registry.example:5000/team/ --image-tag 2.1 --memory 1536Mi --storage 8Gi").Value);

    [Fact]
    public void An_option_wins_over_its_variable()
    {
        var variables = new Dictionary<string, string> { ["SUPERMASSIVE_NODES"] = "5", ["SUPERMASSIVE_MEMORY"] = "2Gi" };
        var settings = Parse("--nodes 4", variables).Value;
        Assert.Equal((4, 2L << 30), (settings?.Topology.Nodes, settings?.MemoryBytes));
    }

    [Theory]
    [InlineData("--nodes 0", "--nodes: 0 is out of range; expected a whole number, 1 to 256")]
    [InlineData("--nodes 257", "--nodes: 257 is out of range; expected a whole number, 1 to 256")]
    [InlineData("--replicas 17", "--replicas: 17 is out of range; expected a whole number, 0 to 16")]
    [InlineData("--replicas many", "--replicas: \"many\" is not a whole number; expected a whole number, 0 to 16")]
    [InlineData("--replica-acks 2", "replica-acks: 2 is out of range; expected 0 to the number of replicas, 1")]
    [InlineData("--memory 512", "--memory: \"512\" has no unit; expected a size of at most 1024 Ti with its unit, as 512Mi or 4Gi")]
    [InlineData("--memory 1.5Gi", "--memory: \"1.5Gi\" is not a size; expected a size of at most 1024 Ti with its unit, as 512Mi or 4Gi")]
    [InlineData("--storage 0Gi", "--storage: 0Gi is out of range; expected a size of at most 1024 Ti with its unit, as 512Mi or 4Gi")]
    [InlineData("--memory 512Mi", "memory: 512Mi with max-memory-threshold 75 leaves 131Mi beside the data; expected at least 256Mi")]
    [InlineData("--max-memory-threshold 100",
        "memory: 1Gi with max-memory-threshold 100 leaves 10Mi beside the data; expected at least 256Mi")]
    [InlineData("--storage 1Gi", "storage: 1Gi is less than the journal of 760Mi of data may take; expected at least 2346Mi")]
    [InlineData("--namespace Store", "namespace: \"Store\" is not a namespace; "
        + "expected a lower-case letter, then at most 62 lower-case letters, digits and inner hyphens")]
    [InlineData("--image-prefix team", "image-prefix: \"team\" does not begin an image; expected REGISTRY/ or REGISTRY/PATH/")]
    [InlineData("--image-tag a:b", "image-tag: \"a:b\" is not a tag of an image")]
    public void What_is_wrong_is_said(string arguments, string expected)
    {
        var parsed = Parse(arguments);
        Assert.Null(parsed.Value);
        Assert.Contains(expected, parsed.Errors);
    }

    [Fact]
    public void A_topology_that_no_ConfigMap_holds_is_refused()
    {
        var settings = new KubernetesSettings { Topology = new TopologySettings { Nodes = 256, Replicas = 16 } };
        var problem = Assert.Single(Assert.Throws<ConfigurationException>(() => KubernetesManifests.Create(settings)).Problems);
        Assert.Matches("^cluster: its configuration has [0-9]+ bytes; a ConfigMap holds 1048576: take fewer nodes or replicas$", problem);
    }

    private static ParsedArguments<KubernetesSettings> Parse(string arguments, Dictionary<string, string>? variables = null)
    {
        var declared = new KubernetesArguments();
        var command = new RootCommand();
        foreach (var option in declared.Options)
            command.Options.Add(option);
        variables ??= [];
        return declared.Read(command.Parse(arguments), variables.GetValueOrDefault);
    }
}
