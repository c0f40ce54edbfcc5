using System.Text;
using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Server.Tests.Telemetry;

/// <summary>A cluster core without a network: what it counts of its clients' commands.</summary>
public sealed class ClusterWatchTests
{
    [Fact]
    public void A_command_is_answered_and_counted_without_an_allocation()
    {
        var bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("PING\r\n", 1_000)));
        var cluster = new Cluster(slowCommandMs: 1_000);
        cluster.Send(bytes);
        cluster.Send(bytes);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        cluster.Send(bytes);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
        Assert.Equal(3_000, cluster.Core.Figures().Commands.Count(Verb.Ping, CommandOutcome.Ok));
    }

    [Fact]
    public void Outcomes_are_told_apart()
    {
        var cluster = new Cluster(slowCommandMs: 1_000);
        cluster.Send("PUT k v\r\nAUTH user wrong\r\nAUTH user password\r\nPUT k v\r\nINCR k x\r\nNONSENSE\r\n"u8);
        var commands = cluster.Core.Figures().Commands;
        Assert.Equal(1, commands.Count(Verb.Put, CommandOutcome.Error)); // not authenticated
        Assert.Equal(1, commands.Count(Verb.Auth, CommandOutcome.Error));
        Assert.Equal(1, commands.Count(Verb.Auth, CommandOutcome.Ok));
        Assert.Equal(1, commands.Count(Verb.Put, CommandOutcome.Unavailable));
        Assert.Equal(1, commands.Count(Verb.Incr, CommandOutcome.Error));
        Assert.Equal(1, commands.Count(Verb.None, CommandOutcome.Error));
    }

    [Fact]
    public void Slow_commands_are_reported_up_to_ten_a_second_and_all_counted()
    {
        var cluster = new Cluster(slowCommandMs: 0);
        cluster.Send("AUTH user password\r\n"u8);
        cluster.Slow.Clear();
        for (var i = 0; i < 20; i++)
            cluster.Send("GET a-key-that-is-longer-than-thirty-two-bytes\r\n"u8, nowMs: 5_000);
        Assert.Equal(10, cluster.Slow.Count);
        Assert.Equal("a-key-that-is-longer-than-thirty…", cluster.Slow[0].KeyPrefix);
        Assert.Equal(Verb.Get, cluster.Slow[0].Verb);
        cluster.Send("PUT k secret\r\n"u8, nowMs: 6_000);
        Assert.Equal(11, cluster.Slow.Count);
        Assert.DoesNotContain("secret", cluster.Slow[^1].ToString(), StringComparison.Ordinal);
        Assert.Equal(22, cluster.Core.Figures().SlowCommands);
    }

    [Fact]
    public void A_fast_command_is_not_reported()
    {
        var cluster = new Cluster(slowCommandMs: 1);
        cluster.Send("AUTH user password\r\nGET k\r\n"u8);
        Assert.Empty(cluster.Slow);
    }

    private sealed class Cluster : IClusterEffects
    {
        private readonly Port _client = new();
        private ClusterState? _saving;

        public Cluster(int slowCommandMs)
        {
            Core = new ClusterCore(
                new ClusterSettings
                {
                    Address = "cluster:1",
                    Shards = [new ShardSettings(new PeerAddress("node:1"), [])],
                    Username = "user"u8.ToArray(),
                    Password = "password"u8.ToArray(),
                    SharedKey = new byte[32],
                    SlowCommandMs = slowCommandMs,
                },
                new ClusterState(1, 0, Version.None, Version.None),
                this);
            Core.BeginBatch(1_000_000, 1_000);
            Core.Accepted(_client);
            Core.EndBatch();
        }

        public ClusterCore Core { get; }

        public List<SlowCommand> Slow { get; } = [];

        public void Send(ReadOnlySpan<byte> bytes, long nowMs = 2_000)
        {
            Core.BeginBatch(1_000_000 + nowMs, nowMs);
            Core.MeasureAt(nowMs * 1_000);
            if (_saving is { } saved)
                Core.StateSaved(saved);
            _saving = null;
            if (Core.Received(_client, bytes) != bytes.Length)
                Assert.Fail("some bytes were left");
            Core.EndBatch();
            _client.Sent();
        }

        public Channel Connect(PeerAddress peer) => new Port();

        public void FillRandom(Span<byte> bytes) => bytes.Clear();

        public void Report(CoreEvent what, string subject, string detail)
        {
        }

        public void SaveState(ClusterState state) => _saving = state;

        public void LoadSettings()
        {
        }

        public void SlowCommand(in SlowCommand command) => Slow.Add(command);
    }

    private sealed class Port() : Channel("client:1", 1 << 16, gated: false)
    {
        public override bool IsReadingPaused { get; set; }

        public override void Close()
        {
        }

        public override void Abort()
        {
        }

        public void Sent()
        {
            Buffer.MarkSent(Buffer.PendingBytes);
            ClearDirty();
        }

        protected override void OnDirty()
        {
        }
    }
}
