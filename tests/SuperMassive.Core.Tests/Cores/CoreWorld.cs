using SuperMassive.Core.Cluster;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;

namespace SuperMassive.Core.Tests.Cores;

/// <summary>
/// A cluster process, its nodes and their replicas as real cores in one thread, with links, disks and time in the hands of the test.
/// Names are addresses: <c>cluster</c>, <c>node-1</c>, <c>node-1-replica-1</c>.
/// </summary>
/// <remarks>Time stands still unless <see cref="Pass"/> moves it, so a test says when a timeout is due.</remarks>
internal sealed class CoreWorld
{
    private static readonly byte[] SharedKey = [.. "a shared key of thirty-two bytes"u8];

    private readonly List<WorldProcess> _processes = [];
    private readonly HashSet<(string From, string To)> _held = [];
    private readonly HashSet<(string, string)> _cut = [];
    private readonly Dictionary<(string From, string To), Func<byte[], byte[]>> _forgeries = [];
    private readonly long _segmentPages;
    private int _clients;

    private CoreWorld(
        IReadOnlyList<ShardSettings> shards, Func<ClusterSettings, ClusterSettings>? cluster, Func<NodeSettings, NodeSettings>? node,
        long segmentPages)
    {
        _segmentPages = segmentPages;
        foreach (var shard in shards)
            Add(shard, node ?? (settings => settings));
        var settings = new ClusterSettings
        {
            Address = "cluster",
            Shards = shards,
            Username = [.. "user"u8],
            Password = [.. "password"u8],
            SharedKey = SharedKey,
        };
        Cluster = new WorldCluster(this, "cluster", cluster is null ? settings : cluster(settings));
        _processes.Add(Cluster);
    }

    public Random Random { get; } = new(1);

    public long NowMs { get; private set; } = 1_000;

    public long UnixMs { get; private set; } = 1_700_000_000_000;

    public WorldCluster Cluster { get; }

    /// <summary>Processes that run, joined and at rest.</summary>
    public static CoreWorld Start(
        int nodes, int replicas = 0, Func<ClusterSettings, ClusterSettings>? cluster = null, Func<NodeSettings, NodeSettings>? node = null,
        long segmentPages = Page.SegmentPages)
    {
        var world = new CoreWorld([.. Enumerable.Range(1, nodes).Select(n => Shard(n, replicas))], cluster, node, segmentPages);
        foreach (var process in world._processes.ToArray())
            process.Start();
        return world.Settle();
    }

    private static ShardSettings Shard(int number, int replicas) =>
        new(
            new PeerAddress($"node-{number}"),
            [.. Enumerable.Range(1, replicas).Select(r => new PeerAddress($"node-{number}-replica-{r}"))]);

    public WorldNode Node(int number) => (WorldNode)Find($"node-{number}")!;

    public WorldNode Replica(int number) => (WorldNode)Find($"node-{number}-replica-1")!;

    public WorldProcess? Find(string name) => _processes.Find(process => process.Name == name);

    /// <summary>A second cluster process over the same nodes, whose state file is a copy of the first's.</summary>
    public WorldCluster StartCluster(string name)
    {
        var second = new WorldCluster(this, name, Cluster.Settings with { Address = name }) { State = Cluster.State };
        _processes.Add(second);
        second.Start();
        return second;
    }

    /// <summary>A client, connected, and authenticated unless it is to do that itself.</summary>
    public WorldClient Client(string cluster = "cluster", bool authenticates = true)
    {
        var client = new WorldClient(this, $"client-{++_clients}", cluster, authenticates);
        _processes.Add(client);
        client.Start();
        return client;
    }

    /// <summary>Steps everybody until nothing happens any more, without letting time pass.</summary>
    public CoreWorld Run()
    {
        for (var steps = 0; Step(); steps++)
            Assert.True(steps < 10_000, "the processes never come to rest");
        return this;
    }

    /// <summary>Lets everybody work for so many batches only, in the middle of whatever it is.</summary>
    public CoreWorld Steps(int count)
    {
        while (count-- > 0 && Step())
        {
        }
        return this;
    }

    /// <summary>Moves time, and lets nobody work yet.</summary>
    public CoreWorld Tick(int ms = 10)
    {
        NowMs += ms;
        UnixMs += ms;
        return this;
    }

    /// <summary>Lets time pass in slices of 10 ms, and everybody work meanwhile.</summary>
    public CoreWorld Pass(int ms)
    {
        Run();
        for (var untilMs = NowMs + ms; NowMs < untilMs;)
        {
            Tick().Run();
        }
        return this;
    }

    /// <summary>Long enough for every reconnect, admission and sweep; shorter than any request's timeout.</summary>
    public CoreWorld Settle() => Pass(4_000);

    /// <summary>Everybody's wall clock is set, forward or back; the monotonic one is not.</summary>
    public CoreWorld JumpClock(long ms)
    {
        UnixMs += ms;
        return this;
    }

    /// <summary>What <paramref name="from"/> sends to <paramref name="to"/> stays in its buffer until <see cref="Release"/>.</summary>
    public CoreWorld Hold(string from, string to)
    {
        _held.Add((from, to));
        return this;
    }

    public CoreWorld Release(string from, string to)
    {
        _held.Remove((from, to));
        return this;
    }

    /// <summary>
    /// What <paramref name="from"/> sends to <paramref name="to"/> from now on arrives as <paramref name="change"/> makes it.
    /// </summary>
    public CoreWorld Forge(string from, string to, Func<byte[], byte[]> change)
    {
        _forgeries[(from, to)] = change;
        return this;
    }

    /// <summary>Breaks the connections between two processes; they can connect again at once.</summary>
    public CoreWorld Reset(string one, string other)
    {
        foreach (var channel in Find(one)!.Channels.Where(c => c.Far?.Process.Name == other).ToArray())
        {
            channel.Lose("connection reset");
            channel.Far!.Lose("connection reset");
        }
        return this;
    }

    /// <summary>Breaks them, and refuses new ones until <see cref="Mend"/>.</summary>
    public CoreWorld Cut(string one, string other)
    {
        _cut.Add((one, other));
        return Reset(one, other);
    }

    public CoreWorld Mend(string one, string other)
    {
        _cut.Remove((one, other));
        return this;
    }

    public CoreWorld Crash(string name)
    {
        Find(name)!.Crash();
        return this;
    }

    public CoreWorld Restart(string name)
    {
        Find(name)!.Start();
        return this;
    }

    public byte[] Forged(string from, string to, byte[] bytes) =>
        _forgeries.TryGetValue((from, to), out var change) ? change(bytes) : bytes;

    public bool IsHeld(string from, string to) => _held.Contains((from, to));

    public bool IsCut(string from, string to) => _cut.Contains((from, to)) || _cut.Contains((to, from));

    private void Add(ShardSettings shard, Func<NodeSettings, NodeSettings> change)
    {
        var settings = new NodeSettings { Address = shard.Primary.Address, Replicas = shard.Replicas, SharedKey = SharedKey };
        var primary = change(settings);
        _processes.Add(new WorldNode(this, settings.Address, primary) { SegmentPages = _segmentPages });
        foreach (var replica in shard.Replicas)
        {
            settings = new NodeSettings
            {
                Address = replica.Address,
                IsReplica = true,
                SharedKey = SharedKey,
                JournalMode = primary.JournalMode,
            };
            _processes.Add(new WorldNode(this, replica.Address, settings) { SegmentPages = _segmentPages });
        }
    }

    /// <summary>One batch of everybody.</summary>
    /// <returns>Whether anything happened.</returns>
    public bool Step()
    {
        var any = false;
        foreach (var process in _processes.ToArray())
            any |= process.Step();
        return any;
    }
}
