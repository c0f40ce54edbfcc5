using SuperMassive.Client.Tests.Support;

namespace SuperMassive.Client.Tests;

public sealed class ConnectionLossTests
{
    [Fact]
    public async Task A_loss_fails_what_is_in_flight_and_the_next_connection_authenticates_again()
    {
        await using var peer = new TestPeer();
        var accepting = peer.AcceptAuthenticatedAsync();
        await using var client = await SuperMassiveClient.ConnectAsync(peer.OptionsWithCredentials).Soon();
        var first = await accepting;

        var put = client.PutAsync("k", "v");
        var get = client.GetAsync("k");
        await first.ReadCommandAsync();
        await first.ReadCommandAsync();
        await first.DisposeAsync();
        var lostPut = await Assert.ThrowsAsync<SuperMassiveConnectionException>(() => put.Soon());
        var lostGet = await Assert.ThrowsAsync<SuperMassiveConnectionException>(() => get.Soon());
        Assert.True(lostPut.IsIndeterminate);
        Assert.Contains("may or may not", lostPut.Message);
        Assert.Contains(peer.Address, lostPut.Message);
        Assert.False(lostGet.IsIndeterminate);

        var later = client.GetAsync("k"); // issued while there is no connection: it waits for one
        var second = await peer.AcceptAuthenticatedAsync();
        Assert.Equal(["GET", "k"], await second.ReadCommandAsync());
        await second.SendAsync("$1\r\nv\r\n");
        Assert.Equal("v", await later.Soon());
        Assert.True(client.IsConnected);
    }

    [Fact]
    public async Task Losses_in_a_row_are_survived()
    {
        await using var peer = new TestPeer();
        var (client, connection) = await peer.ConnectAsync();
        await using var _ = client;
        for (var i = 0; i < 5; i++)
        {
            await connection.DisposeAsync();
            connection = await peer.AcceptAsync();
        }
        var ping = client.PingAsync();
        Assert.Equal(["PING"], await connection.ReadCommandAsync());
        await connection.SendAsync("+OK PONG\r\n");
        await ping.Soon();
    }

    [Fact]
    public async Task A_command_without_connection_fails_after_its_timeout_and_was_not_sent()
    {
        var time = new ManualTime();
        await using var peer = new TestPeer();
        var (client, connection) = await peer.ConnectAsync(peer.Options with { TimeProvider = time });
        await using var _ = client;
        var ping = client.PingAsync();
        peer.StopListening();
        await connection.DisposeAsync();
        await Assert.ThrowsAsync<SuperMassiveConnectionException>(() => ping.Soon());

        var put = client.PutAsync("k", "v").AsTask();
        await time.AdvanceUntilAsync(put);
        var failure = await Assert.ThrowsAsync<SuperMassiveConnectionException>(() => put);
        Assert.False(failure.IsIndeterminate);
        Assert.Contains("not sent", failure.Message);
    }

    [Fact]
    public async Task Credentials_refused_on_reconnect_fail_those_who_wait()
    {
        await using var peer = new TestPeer();
        var accepting = peer.AcceptAuthenticatedAsync();
        await using var client = await SuperMassiveClient.ConnectAsync(peer.OptionsWithCredentials).Soon();
        var lost = client.GetAsync("k");
        await (await accepting).DisposeAsync();
        await Assert.ThrowsAsync<SuperMassiveConnectionException>(() => lost.Soon());

        var waiting = client.GetAsync("k");
        var second = await peer.AcceptAsync();
        await second.ReadCommandAsync();
        await second.SendAsync("-ERR invalid credentials\r\n");
        var refused = await Assert.ThrowsAsync<SuperMassiveServerException>(() => waiting.Soon());
        Assert.Equal("ERR invalid credentials", refused.Message);
    }

    [Theory]
    [InlineData("+OK PONG\r\n+OK PONG\r\n", false)]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", true)]
    public async Task A_stream_in_doubt_is_given_up(string reply, bool isFailure)
    {
        await using var peer = new TestPeer();
        var (client, connection) = await peer.ConnectAsync();
        await using var _ = client;
        var ping = client.PingAsync().AsTask();
        await connection.ReadCommandAsync();
        await connection.SendAsync(reply);
        Assert.True(await connection.IsClosedByClientAsync());
        await Task.WhenAny(ping).Soon();
        Assert.Equal(isFailure, ping.IsFaulted);
        if (isFailure)
            Assert.Contains("protocol violation", Assert.IsType<SuperMassiveConnectionException>(ping.Exception!.InnerException).Message);
    }

    [Fact]
    public async Task Disposing_fails_what_is_in_flight_and_what_comes_after()
    {
        await using var peer = new TestPeer();
        var (client, connection) = await peer.ConnectAsync();
        var get = client.GetAsync("k");
        await connection.ReadCommandAsync();
        await client.DisposeAsync();
        await Assert.ThrowsAsync<SuperMassiveConnectionException>(() => get.Soon());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetAsync("k").Soon());
        Assert.True(await connection.IsClosedByClientAsync());
    }

    [Fact]
    public void Pauses_double_up_to_the_longest_and_are_jittered()
    {
        var longest = TimeSpan.FromSeconds(1);
        Assert.Equal(
            [25.0, 50, 100, 200, 400, 500, 500],
            Enumerable.Range(0, 7).Select(attempt => Backoff.Pause(attempt, longest, 0.5).TotalMilliseconds));
        Assert.Equal(TimeSpan.Zero, Backoff.Pause(3, longest, 0));
        Assert.True(Backoff.Pause(int.MaxValue, longest, 0.999) < longest);
    }
}
