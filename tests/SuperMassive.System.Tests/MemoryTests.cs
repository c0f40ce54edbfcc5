using System.Globalization;
using SuperMassive.Topology;

namespace SuperMassive.SystemTests;

/// <summary>What one client may cost the processes that serve it.</summary>
public sealed class MemoryTests(ITestOutputHelper output) : SystemTest(output)
{
    private const int MiB = 1 << 20;

    [Fact]
    public async Task A_client_that_asks_for_much_and_reads_nothing_costs_bounded_memory()
    {
        const int gets = 1_600;
        // output-bytes of one connection in a buffer that doubled to hold them, and as much again under way from the node
        const int mostMiB = 64 + 128 + 64;
        var topology = Prepare(new TopologySettings { Nodes = 1, Replicas = 0 });
        await topology.StartAllAsync();
        await using var connection = await RawConnection.AuthenticatedAsync(topology);
        await connection.AskAsync($"PUT much {new string('v', MiB)}\r\n", "OK key-value written\r\n");
        var (clusterBefore, nodeBefore) = (PeakMiB(topology, "cluster"), PeakMiB(topology, "node-1"));
        await connection.SendAsync(string.Concat(Enumerable.Repeat("GET much\r\n", gets)));
        await using var other = await topology.ConnectAsync();
        for (var i = 0; i < 2_000; i++)
            await other.PutAsync("other", $"{i}");
        var (cluster, node) = (PeakMiB(topology, "cluster") - clusterBefore, PeakMiB(topology, "node-1") - nodeBefore);
        Print($"{gets} unread replies of 1 MiB cost the cluster {cluster} MiB and its node {node} MiB");
        Assert.InRange(cluster, 0, mostMiB);
        Assert.InRange(node, 0, mostMiB);
    }

    private static int PeakMiB(LocalProcesses topology, string name) =>
        int.Parse(File.ReadLines($"/proc/{topology.ProcessIdOf(name)}/status")
            .First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1_024;
}
