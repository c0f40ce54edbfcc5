using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;

namespace SuperMassive.Topology.Tests;

/// <summary>Options and variables that make a topology's settings.</summary>
public sealed class TopologyArgumentsTests
{
    [Fact]
    public void Nothing_given_is_the_default() => Assert.Equal(
        new TopologySettings { DataDirectory = Path.GetFullPath("data") }, TopologyArguments.Parse([], _ => null).Value);

    [Fact]
    public void Every_option() => Assert.Equal(
        new TopologySettings
        {
            Nodes = 3,
            Replicas = 2,
            Host = "10.0.0.1",
            Port = 7_000,
            HttpPort = 0,
            DataDirectory = "/srv/db",
            Username = "ann",
            Password = "hush",
            SharedKey = "0123456789abcdef",
            MaxMemoryThreshold = 10,
            ReadMode = ReadMode.Available,
            JournalMode = JournalMode.Async,
            ReplicaAcks = 2,
        },
        TopologyArguments.Parse(
            [
                "--nodes", "3", "--replicas", "2", "--host", "10.0.0.1", "--port", "7000", "--http-port", "0", "--data", "/srv/db",
                "--username", "ann", "--password", "hush", "--shared-key", "0123456789abcdef",
                "--max-memory-threshold", "10", "--read-mode", "available", "--journal-mode", "async", "--replica-acks", "2",
            ],
            _ => null).Value);

    [Fact]
    public void An_option_wins_over_its_variable()
    {
        var variables = new Dictionary<string, string>
        {
            ["SUPERMASSIVE_NODES"] = "5",
            ["SUPERMASSIVE_HTTP_PORT"] = "9000",
            ["SUPERMASSIVE_PORT"] = "",
        };
        var settings = TopologyArguments.Parse(["--nodes", "4"], variables.GetValueOrDefault).Value;
        Assert.Equal((4, 9_000, 4_000), (settings?.Nodes, settings?.HttpPort, settings?.Port));
        Assert.Equal(5, TopologyArguments.Parse([], variables.GetValueOrDefault).Value?.Nodes);
    }

    [Fact]
    public void All_that_is_wrong_is_said_with_who_said_it()
    {
        var variables = new Dictionary<string, string> { ["SUPERMASSIVE_REPLICAS"] = "many" };
        Assert.Equal(
            [
                "--nodes: 0 is out of range; expected a whole number, 1 to 256",
                "SUPERMASSIVE_REPLICAS: \"many\" is not a whole number; expected a whole number, 0 to 16",
                "--password: is empty; expected text",
            ],
            TopologyArguments.Parse(["--nodes", "0", "--password", ""], variables.GetValueOrDefault).Errors);
        Assert.Equal(
            ["replica-acks: 2 is out of range; expected 0 to the number of replicas, 1"],
            TopologyArguments.Parse(["--replica-acks", "2"], _ => null).Errors);
        Assert.Equal(["Unrecognized command or argument '--node'."], TopologyArguments.Parse(["--node"], _ => null).Errors);
    }

    [Fact]
    public void Help_names_options_and_variables()
    {
        var help = TopologyArguments.Parse(["--help"], _ => null).Text;
        Assert.Contains("--http-port", help);
        Assert.Contains("SUPERMASSIVE_MAX_MEMORY_THRESHOLD", help);
    }
}
