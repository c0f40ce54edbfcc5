using SuperMassive.Client;
using SuperMassive.Core.Journal;
using SuperMassive.Server.Configuration;
using SuperMassive.Server.Journal;
using SuperMassive.Topology;

namespace SuperMassive.SystemTests.Support;

/// <summary>What tests do with a topology, whoever hosts it.</summary>
internal static class TopologyActions
{
    public static TopologyProcess Process(this ITopology topology, string name) =>
        topology.Plan.Processes.First(process => process.Name == name);

    /// <summary>In the order of starting: replicas, nodes, the cluster.</summary>
    public static IEnumerable<string> Names(this ITopology topology) => topology.Plan.Processes
        .OrderByDescending(process => process.Kind)
        .Select(process => process.Name.ToString());

    public static async Task StartAllAsync(this ITopology topology)
    {
        await topology.StartAsync(topology.Names());
        await topology.AllHealthyAsync();
    }

    public static Task KillAllAsync(this ITopology topology) => Task.WhenAll(topology.Names().Select(topology.KillAsync));

    public static SuperMassiveClientOptions ClientOptions(this ITopology topology) => new()
    {
        Address = topology.Plan.Cluster.Address,
        Username = topology.Secrets.Username,
        Password = topology.Secrets.Password,
        MaxReconnectBackoff = TimeSpan.FromMilliseconds(100),
    };

    public static async Task<SuperMassiveClient> ConnectAsync(this ITopology topology) =>
        await SuperMassiveClient.ConnectAsync(topology.ClientOptions());

    public static async Task<ClusterStatistics> StatisticsAsync(this ITopology topology)
    {
        await using var client = await topology.ConnectAsync();
        return await client.GetStatisticsAsync();
    }

    public static ProcessStatistics Of(this ClusterStatistics statistics, TopologyProcess process) =>
        statistics.Processes.Single(found => found.Address == process.Address);

    /// <summary>Waits until every configured primary takes writes.</summary>
    public static Task AllHealthyAsync(this ITopology topology) => topology.StatisticsBecomeAsync("all primaries healthy", statistics =>
        statistics.Primaries.Count() is var count && statistics.Cluster!["primaries_healthy"] == $"{count} of {count}");

    /// <summary>Waits until every replica has applied all that its primary has written.</summary>
    public static Task AllInSyncAsync(this ITopology topology) => topology.StatisticsBecomeAsync("all replicas in sync", statistics =>
        topology.Plan.Nodes.All(node => node.Replicas.All(replica =>
            statistics.Of(replica)["health"] == "in sync"
            && statistics.Of(replica)["applied_lsn"] == statistics.Of(node)["written_lsn"])));

    /// <summary>Waits until every replica's journal is its primary's, byte for byte; the cluster may still be tidying up.</summary>
    public static Task ReplicasBecomeEqualAsync(this ITopology topology) => Wait.UntilAsync("equal journals", async () =>
    {
        await topology.AllInSyncAsync();
        return topology.Plan.Nodes.All(node => node.Replicas.All(replica =>
            AreEqual(topology.Journal(node.Name), topology.Journal(replica.Name))));
    });

    public static async Task StatisticsBecomeAsync(this ITopology topology, string what, Func<ClusterStatistics, bool> condition)
    {
        await using var client = await Wait.ForAsync("a connection to the cluster", async () =>
        {
            try
            {
                return await topology.ConnectAsync();
            }
            catch (SuperMassiveConnectionException)
            {
                return null;
            }
        });
        await Wait.UntilAsync(what, async () => condition(await client.GetStatisticsAsync()));
    }

    /// <summary>Waits until a process has written a line with all of <paramref name="parts"/> in it.</summary>
    public static Task<string> LogLineAsync(this ITopology topology, string name, params string[] parts) =>
        Wait.ForAsync($"a line of {name} with \"{string.Join("\" and \"", parts)}\"", () => Task.FromResult(topology.LogOf(name)
            .FirstOrDefault(line => Array.TrueForAll(parts, part => line.Contains(part, StringComparison.Ordinal)))));

    /// <summary>Requires that a process which was asked to stop finished what it had begun.</summary>
    public static async Task AssertDrainedAsync(this ITopology topology, string name)
    {
        await topology.LogLineAsync(name, "stopping: finishing what was begun");
        Assert.DoesNotContain(topology.LogOf(name), line => line.Contains("stopping with work unfinished", StringComparison.Ordinal));
    }

    public static string ConfigurationFile(this ITopology topology, string name) =>
        Path.Combine(topology.Process(name).Directory, topology.Process(name).ConfigurationFileName);

    public static void EditCluster(this ITopology topology, Func<ClusterOptions, ClusterOptions> edit)
    {
        var directory = topology.Plan.Cluster.Directory;
        File.WriteAllText(topology.ConfigurationFile("cluster"), edit(ClusterOptions.Load(directory)).Write());
    }

    public static void EditNode(this ITopology topology, string name, Func<NodeOptions, NodeOptions> edit)
    {
        var directory = topology.Process(name).Directory;
        File.WriteAllText(topology.ConfigurationFile(name), edit(NodeOptions.Load(directory)).Write());
    }

    public static void EditReplica(this ITopology topology, string name, Func<ReplicaOptions, ReplicaOptions> edit)
    {
        var directory = topology.Process(name).Directory;
        File.WriteAllText(topology.ConfigurationFile(name), edit(ReplicaOptions.Load(directory)).Write());
    }

    /// <summary>The segments of a process's journal, one after the other.</summary>
    /// <returns>The LSN of the first byte, and the bytes.</returns>
    public static (long FirstLsn, byte[] Bytes) Journal(this ITopology topology, string name)
    {
        var segments = JournalListing.Read(topology.Process(name).Directory).Segments;
        using var bytes = new MemoryStream();
        foreach (var segment in segments)
        {
            using var file = new FileStream(segment.FullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            file.CopyTo(bytes);
        }
        return (segments.Count > 0 ? Page.StartOf(segments[0].FirstPage) : 0, bytes.ToArray());
    }

    /// <summary>The files of a process's journal: segments, checkpoints, mark.</summary>
    public static IEnumerable<string> JournalFilesOf(this ITopology topology, string name) =>
        Directory.GetFiles(topology.Process(name).Directory).Where(file => Path.GetFileName(file) is { } named
            && (named.StartsWith("journal", StringComparison.Ordinal) || named.StartsWith("checkpoint", StringComparison.Ordinal)));

    /// <summary>As somebody does who wants a process that does not run to begin anew.</summary>
    public static void EmptyJournal(this ITopology topology, string name)
    {
        foreach (var file in topology.JournalFilesOf(name))
            File.Delete(file);
    }

    /// <summary>Whether two journals are the same, as far back as both are still held.</summary>
    private static bool AreEqual((long FirstLsn, byte[] Bytes) one, (long FirstLsn, byte[] Bytes) other)
    {
        var firstLsn = Math.Max(one.FirstLsn, other.FirstLsn);
        return one.FirstLsn + one.Bytes.Length == other.FirstLsn + other.Bytes.Length
            && one.Bytes.AsSpan((int)(firstLsn - one.FirstLsn)).SequenceEqual(other.Bytes.AsSpan((int)(firstLsn - other.FirstLsn)));
    }
}
