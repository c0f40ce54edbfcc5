using SuperMassive.Simulator.Networking;
using SuperMassive.Simulator.Tests.Toy;

namespace SuperMassive.Simulator.Tests;

public sealed class NetworkTests
{
    private const long Second = 1_000_000;

    private readonly World _world = new(7, new NetworkSettings { SplitPerMille = 300, WindowBytes = 1_000 }, isVerbose: true);
    private readonly TestProcess _server;
    private readonly TestProcess _client;
    private Sender _sender = null!;
    private Echo _echo = null!;
    private bool _pausesReading;
    private int _appetite = int.MaxValue;
    private int _count = 20_000;

    public NetworkTests()
    {
        _server = new TestProcess(_world, "server", _ => _echo = new Echo { IsPausedAtFirst = _pausesReading });
        _client = new TestProcess(_world, "client", p => _sender = new Sender(p, "server", _count) { Appetite = _appetite });
    }

    private static byte[] Expected(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 31 >> 3))];

    private void StartBoth()
    {
        _server.Start();
        _client.Start();
    }

    private void Run(long us) => _world.Scheduler.RunUntil(_world.Scheduler.NowUs + us);

    [Fact]
    public void Every_byte_arrives_once_and_in_order_through_a_small_window()
    {
        StartBoth();
        Run(20 * Second);
        Assert.Equal(Expected(_count), _sender.Back);
    }

    [Fact]
    public void What_is_not_consumed_is_handed_in_again()
    {
        _appetite = 3;
        _count = 300;
        StartBoth();
        Run(20 * Second);
        Assert.Equal(Expected(_count)[.._sender.Back.Count], _sender.Back);
        Assert.NotEmpty(_sender.Back);
    }

    [Fact]
    public void A_paused_reader_holds_the_sender_back_until_it_goes_on()
    {
        _pausesReading = true;
        StartBoth();
        Run(Second);
        Assert.Empty(_sender.Back);
        Assert.Equal(_count - 1_000, _sender.Channel!.Output.PendingBytes);
        _echo.Last!.IsReadingPaused = false;
        Run(20 * Second);
        Assert.Equal(Expected(_count), _sender.Back);
    }

    [Fact]
    public void A_peer_that_takes_nothing_is_lost_after_the_write_timeout()
    {
        _pausesReading = true;
        StartBoth();
        Run(5 * Second);
        Assert.Contains("closed: write timed out", _sender.Events);
    }

    [Fact]
    public void A_process_that_is_down_refuses_and_one_without_power_is_silent()
    {
        _client.Start();
        Run(Second);
        Assert.Equal(["closed: connection refused"], _sender.Events);
        _client.Crash();
        _server.Start();
        _server.CutPower();
        _client.Start();
        Run(Second);
        Assert.Empty(_sender.Events);
        Run(2 * Second);
        Assert.Equal(["closed: connect timed out"], _sender.Events);
    }

    [Fact]
    public void A_crash_is_heard_and_a_power_cut_only_once_the_host_is_back()
    {
        StartBoth();
        Run(20 * Second);
        _server.Crash();
        Run(Second);
        Assert.StartsWith("closed: ", _sender.Events[^1]);
        _client.Crash();
        StartBoth();
        Run(20 * Second);
        _server.CutPower();
        _sender.Channel!.Output.Write("anybody?"u8);
        Run(2 * Second);
        Assert.Equal(["opened"], _sender.Events);
        _server.Start();
        Run(2 * Second);
        Assert.Equal(["opened", "closed: connection reset by peer"], _sender.Events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_partition_delays_and_loses_nothing(bool bothWays)
    {
        _count = 900;
        StartBoth();
        _world.Network.Block(_server, _client);
        if (bothWays)
            _world.Network.Block(_client, _server);
        Run(Second);
        Assert.Empty(_sender.Events);
        _world.Network.HealAll();
        Run(5 * Second);
        Assert.Equal(Expected(_count), _sender.Back);
    }

    [Fact]
    public void One_way_partition_lets_the_other_way_through()
    {
        _count = 10;
        StartBoth();
        Run(Second);
        _world.Network.Block(_server, _client);
        _sender.Channel!.Output.Write("x"u8);
        Run(Second);
        Assert.Equal(10, _sender.Back.Count);
        _world.Network.Unblock(_server, _client);
        Run(Second);
        Assert.Equal(11, _sender.Back.Count);
    }

    [Fact]
    public void A_reset_leaves_a_prefix_on_both_sides()
    {
        StartBoth();
        Run(20_000);
        Network.Reset(_world.Network.Connections[0]);
        Run(5 * Second);
        Assert.Contains("closed: connection reset by peer", _sender.Events);
        Assert.Contains("closed: connection reset by peer", _echo.Events);
        Assert.Equal(Expected(_count)[.._sender.Back.Count], _sender.Back);
        Assert.Empty(_world.Network.Connections);
    }

    [Fact]
    public void A_half_open_connection_is_silent_until_healed()
    {
        StartBoth();
        Run(20_000);
        Network.Silence(_world.Network.Connections[0]);
        var back = _sender.Back.Count;
        Run(2 * Second);
        Assert.Equal(back, _sender.Back.Count);
        _world.Network.HealAll();
        Run(Second);
        Assert.Contains("closed: connection reset by peer", _sender.Events);
    }

    [Fact]
    public void Close_sends_what_is_left_and_abort_does_not()
    {
        StartBoth();
        Run(30 * Second);
        var channel = _echo.Last!;
        channel.Output.Write(new byte[5_000]);
        channel.Close();
        Run(20 * Second);
        Assert.Equal(_count + 5_000, _sender.Back.Count);
        Assert.Equal("closed: closed by peer", _sender.Events[^1]);
        Assert.Equal(["accepted"], _echo.Events);
    }

    [Fact]
    public void Wall_clock_jumps_and_the_monotonic_one_does_not()
    {
        _server.Start();
        Run(Second);
        var (unix, monotonic) = (_echo.LastUnixMs, _echo.LastMonotonicMs);
        _server.Clock.OffsetMs -= 3_600_000;
        Run(Second);
        Assert.True(_echo.LastUnixMs < unix - 3_590_000);
        Assert.InRange(_echo.LastMonotonicMs - monotonic, 900, 1_100);
    }

    [Fact]
    public void A_paused_process_does_nothing_and_then_gets_everything()
    {
        _count = 500;
        _server.Start();
        _server.Pause();
        _client.Start();
        Run(5 * Second);
        Assert.Empty(_echo.Events);
        Assert.Equal(["opened"], _sender.Events);
        _server.Resume();
        Run(Second);
        Assert.Equal(Expected(_count), _sender.Back);
    }
}
