using System.Text;
using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;

namespace SuperMassive.Benchmarks;

/// <summary>
/// A cluster's core and its nodes' cores in one thread, connected without sockets: what a command costs in the cores and nothing else.
/// Carrying the bytes and letting time pass allocates nothing.
/// </summary>
/// <remarks>A millisecond of virtual time passes per <see cref="Run"/>, so that ticks, fsyncs and purges take their part.</remarks>
public sealed class Rig
{
    private static readonly byte[] SharedKey = [.. "a shared key of thirty-two bytes"u8];

    private readonly List<RigProcess> _processes = [];
    private readonly RigCluster _cluster;
    private readonly RigChannel _client;
    private readonly int _nodes;
    private long _monotonicMs = 1_000;
    private long _unixMs = 1_700_000_000_000;

    /// <summary>Processes that run, joined and at rest, and one client that is logged in.</summary>
    public Rig(int nodes)
    {
        _nodes = nodes;
        for (var n = 1; n <= nodes; n++)
            _processes.Add(new RigNode(this, new NodeSettings { Address = NodeName(n), SharedKey = SharedKey }));
        _cluster = new RigCluster(this, new ClusterSettings
        {
            Address = "cluster",
            Shards = [.. Enumerable.Range(1, nodes).Select(n => new ShardSettings(new PeerAddress(NodeName(n)), []))],
            Username = [.. "user"u8],
            Password = [.. "password"u8],
            SharedKey = SharedKey,
            HintCapacity = 1 << 16,
        });
        _processes.Add(_cluster);
        for (var rounds = 0; !_cluster.IsReady(nodes); rounds++)
        {
            if (rounds > 10_000)
                throw new InvalidOperationException("the nodes do not become healthy: " + string.Join("; ", Reports));
            Run();
        }
        (_client, var accepted) = RigChannel.Connect(_cluster.Core, _cluster.Core, "client", gatesFar: false);
        _cluster.Accept(accepted);
        Expect("AUTH " + Convert.ToBase64String("user\\0password"u8) + "\r\n", "OK authenticated\r\n");
    }

    internal Random Random { get; } = new(1);

    /// <summary>What the cores had to say to the operator, one line each.</summary>
    public List<string> Reports { get; } = [];

    /// <summary>Sends the client's bytes, and lets the cores work until all is answered.</summary>
    /// <returns>The bytes of the replies.</returns>
    public int Exchange(ReadOnlySpan<byte> commands)
    {
        _client.Output.Write(commands);
        Run();
        var replies = _client.Far!.Sendable;
        if (replies.IndexOf("ERR "u8) >= 0)
            throw new InvalidOperationException(Encoding.UTF8.GetString(replies));
        var count = replies.Length;
        _client.Far.Take(count);
        return count;
    }

    /// <summary>The same, for setting up: with what has to be answered.</summary>
    public void Expect(string commands, string replies)
    {
        _client.Output.Write(Encoding.UTF8.GetBytes(commands));
        Run();
        var actual = Encoding.UTF8.GetString(_client.Far!.Sendable);
        _client.Far.Take(_client.Far.Sendable.Length);
        if (actual != replies)
            throw new InvalidOperationException($"expected {replies}, got {actual}");
    }

    /// <summary>A millisecond passes, and everybody works until nothing is left to read.</summary>
    public void Run()
    {
        _monotonicMs++;
        _unixMs++;
        for (var any = true; any;)
        {
            any = false;
            foreach (var process in _processes)
                any |= process.Step(_unixMs, _monotonicMs);
        }
    }

    internal RigProcess Find(string address)
    {
        for (var n = 0; n < _nodes; n++)
        {
            if (NodeName(n + 1) == address)
                return _processes[n];
        }
        throw new InvalidOperationException($"nobody listens on {address}");
    }

    private static string NodeName(int number) => $"node-{number}";
}
