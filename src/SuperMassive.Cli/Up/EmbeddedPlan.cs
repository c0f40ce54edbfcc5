using Microsoft.Extensions.Logging;
using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;
using SuperMassive.Server.Configuration;
using SuperMassive.Server.Hosting;
using SuperMassive.Server.Loop;
using SuperMassive.Topology;

namespace SuperMassive.Cli.Up;

/// <summary>
/// A topology on one loop: the cores that otherwise run in processes of their own, linked by buffers in memory. Folders and journals
/// are the same, so that either way of running takes over the other's data.
/// </summary>
internal sealed class EmbeddedPlan(Topology.Topology topology, TopologySecrets secrets) : LoopPlan
{
    private readonly Dictionary<string, string> _names =
        topology.Processes.ToDictionary(process => process.Address, process => process.Name.ToString());

    public override IReadOnlyList<HostedCore> Open(EventLoop loop, ILogger logger, Action<long, long> progress)
    {
        List<HostedCore> cores = [];
        // a node asks its replicas before it joins, the cluster joins its nodes: each finds what it needs already listening
        foreach (var process in topology.Processes.Reverse())
        {
            Directory.CreateDirectory(process.Directory);
            var core = Create(process, loop, logger, progress);
            cores.Add(core);
            var isCluster = process.Kind == ServiceKind.Cluster;
            core.Start(process.Name, new ListenOptions(isCluster ? process.Address : InMemory(process.Address))
            {
                Gated = !isCluster,
            });
        }
        _ = ShowWhenReadyAsync(loop, (ClusterHost)cores[^1]);
        return cores;
    }

    /// <summary>The loop begins to turn, and the nodes join, only after <see cref="Open"/>.</summary>
    private async Task ShowWhenReadyAsync(EventLoop loop, ClusterHost host)
    {
        var problem = await Readiness.WaitAsync(cancellation => AskAsync(loop, host, cancellation), Readiness.Limit, CancellationToken.None)
            .ConfigureAwait(false);
        Console.WriteLine(StartScreen.For(topology, secrets, problem, ", in one process"));
    }

    private static Task<string?> AskAsync(EventLoop loop, ClusterHost host, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(() =>
        {
            var figures = host.Cluster.Figures();
            answer.SetResult(Readiness.ProblemOf(figures.HealthyPrimaries, figures.Primaries));
        });
        return answer.Task.WaitAsync(cancellation);
    }

    public override string? ProblemOf(IReadOnlyList<HostedCore> cores) =>
        cores[^1] is ClusterHost { Cluster.IsReady: false } ? "no primary node is healthy" : null;

    private HostedCore Create(TopologyProcess process, EventLoop loop, ILogger logger, Action<long, long> progress) => process.Kind switch
    {
        ServiceKind.Cluster => new ClusterHost(loop, logger, process.Directory, () => ClusterSettingsOf(process)),
        ServiceKind.Node => new NodeHost(loop, logger, process.Directory,
            () => Shared(NodeOptions.Parse(process.Yaml(), process.Directory).ToSettings(secrets.ToSecrets())), progress: progress),
        _ => new NodeHost(loop, logger, process.Directory,
            () => Shared(ReplicaOptions.Parse(process.Yaml(), process.Directory).ToSettings(secrets.ToSecrets())), progress: progress),
    };

    private ClusterSettings ClusterSettingsOf(TopologyProcess process)
    {
        var settings = ClusterOptions.Parse(process.Yaml(), process.Directory).ToSettings(secrets.ToSecrets());
        return settings with
        {
            Shards = [.. settings.Shards.Select(shard => new ShardSettings(InMemory(shard.Primary), [.. shard.Replicas.Select(InMemory)]))],
        };
    }

    /// <summary>All of them share this process's memory, so each gets its part of the threshold.</summary>
    private NodeSettings Shared(NodeSettings settings) => settings with
    {
        Address = InMemory(settings.Address),
        Replicas = [.. settings.Replicas.Select(InMemory)],
        MaxMemoryBytes = settings.MaxMemoryBytes / (topology.Settings.ProcessCount - 1),
    };

    private PeerAddress InMemory(PeerAddress peer) => peer with { Address = InMemory(peer.Address) };

    private string InMemory(string address) => $"memory:{_names[address]}";
}
