using SuperMassive.Server.Configuration;
using SuperMassive.Server.Tests.Configuration;

namespace SuperMassive.Topology.Tests;

/// <summary>What a topology leaves on disk: folders with configuration, and its secrets.</summary>
public sealed class TopologyFilesTests
{
    [Fact]
    public void Each_process_gets_its_folder_and_file()
    {
        using var folder = new TemporaryFolder();
        var settings = new TopologySettings { DataDirectory = folder.Path };
        var topology = Topology.Create(settings);
        Assert.Equal(topology.Processes.Select(process => process.Name), TopologyWriter.Write(topology));
        Assert.Equal(2, ClusterOptions.Load(topology.Cluster.Directory).Shards.Count);
        Assert.All(topology.Nodes, node => Assert.Equal(node.Address, NodeOptions.Load(node.Directory).Server.Address));
        Assert.All(topology.Processes, process => Assert.Single(Directory.GetFileSystemEntries(process.Directory)));
    }

    [Fact]
    public void Only_what_changed_is_written()
    {
        using var folder = new TemporaryFolder();
        var settings = new TopologySettings { DataDirectory = folder.Path };
        var topology = Topology.Create(settings);
        TopologyWriter.Write(topology);
        Assert.Empty(TopologyWriter.Write(topology));
        Assert.Equal(
            [ProcessName.OfNode(1), ProcessName.OfNode(2)],
            TopologyWriter.Write(Topology.Create(settings with { ReplicaAcks = 1 })));
    }

    [Fact]
    public void Generated_secrets_are_kept_and_their_owners_alone()
    {
        using var folder = new TemporaryFolder();
        var secrets = TopologySecrets.LoadOrCreate(folder.File("data"));
        Assert.Equal(secrets, TopologySecrets.LoadOrCreate(folder.File("data")));
        Assert.NotEqual(secrets, TopologySecrets.LoadOrCreate(folder.File("other")));
        Assert.Equal("supermassive", secrets.Username);
        // 32 bytes in base64url
        Assert.Matches("^[A-Za-z0-9_-]{43}$", secrets.Password);
        Assert.Matches("^[A-Za-z0-9_-]{43}$", secrets.SharedKey);
        Assert.NotEqual(secrets.Password, secrets.SharedKey);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("data/secrets")));
        Assert.DoesNotContain(secrets.Password, secrets.ToString());
    }

    [Fact]
    public void Given_secrets_win_and_are_not_stored()
    {
        using var folder = new TemporaryFolder();
        var generated = TopologySecrets.LoadOrCreate(folder.Path);
        var settings = new TopologySettings { Username = "ann", Password = "hush-hush", SharedKey = "0123456789abcdef" };
        Assert.Equal(new TopologySecrets("ann", "hush-hush", "0123456789abcdef"), TopologySecrets.LoadOrCreate(folder.Path, settings));
        Assert.Equal(generated, TopologySecrets.LoadOrCreate(folder.Path));
        Assert.DoesNotContain("hush", settings.ToString());
        Assert.DoesNotContain("0123456789", settings.ToString());
    }

    [Fact]
    public void Damaged_secrets_are_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("secrets"), "username: ann\nshared-key: short\n");
        Assert.Equal(
            ["secrets:1: password: is missing; expected text", "secrets:2: shared-key: is too short; expected at least 16 characters"],
            Assert.Throws<ConfigurationException>(() => TopologySecrets.LoadOrCreate(folder.Path)).Problems);
    }

    [Fact]
    public void Processes_are_told_the_secrets_they_need()
    {
        var secrets = new TopologySecrets("ann", "hush-hush", "0123456789abcdef");
        var topology = Topology.Create(new TopologySettings { DataDirectory = "/data" });
        Assert.Equal(["SUPERMASSIVE_SHARED_KEY"], topology.Nodes[0].Environment(secrets).Keys);
        foreach (var process in topology.Processes)
        {
            var variables = process.Environment(secrets);
            var sources = new ArgumentSources { Environment = name => variables.GetValueOrDefault(name) };
            var parsed = ServiceArguments.Parse(process.Arguments, process.Kind, sources);
            Assert.Equal(process.Directory, parsed.Value?.Directory);
            Assert.Equal(secrets.ToSecrets().SharedKey, parsed.Value?.Secrets.SharedKey);
        }
    }
}
