using SuperMassive.Client.Tests.Support;

namespace SuperMassive.Client.Tests;

public sealed class TimeoutTests
{
    [Fact]
    public async Task Silence_fails_the_command_and_ends_the_connection()
    {
        var time = new ManualTime();
        await using var peer = new TestPeer();
        var (client, connection) = await peer.ConnectAsync(peer.Options with { TimeProvider = time });
        await using var _ = client;
        var put = client.PutAsync("k", "v").AsTask();
        await connection.ReadCommandAsync();

        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(put.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        var timeout = await Assert.ThrowsAsync<SuperMassiveTimeoutException>(() => put.Soon());
        Assert.True(timeout.IsIndeterminate);
        Assert.Contains("PUT", timeout.Message);
        Assert.True(await connection.IsClosedByClientAsync());
    }

    [Fact]
    public async Task A_slow_cluster_keeps_its_connection_and_late_replies_are_matched()
    {
        var time = new ManualTime();
        await using var peer = new TestPeer();
        var (client, connection) = await peer.ConnectAsync(peer.Options with { TimeProvider = time });
        await using var _ = client;
        var quick = client.GetAsync("quick");
        var slow = client.GetAsync("slow");
        time.Advance(TimeSpan.FromSeconds(6));
        await connection.SendAsync("$1\r\n1\r\n");
        Assert.Equal("1", await quick.Soon());

        time.Advance(TimeSpan.FromSeconds(5));
        var timeout = await Assert.ThrowsAsync<SuperMassiveTimeoutException>(() => slow.Soon());
        Assert.False(timeout.IsIndeterminate);
        var next = client.GetAsync("next");
        await connection.SendAsync("$1\r\n2\r\n$1\r\n3\r\n");
        Assert.Equal("3", await next.Soon());
    }

    [Fact]
    public async Task Authentication_that_is_not_answered_times_out()
    {
        var time = new ManualTime();
        await using var peer = new TestPeer();
        var connecting = SuperMassiveClient.ConnectAsync(peer.OptionsWithCredentials with { TimeProvider = time }).AsTask();
        var connection = await peer.AcceptAsync();
        await connection.ReadCommandAsync();
        await time.AdvanceUntilAsync(connecting);
        var failure = await Assert.ThrowsAsync<SuperMassiveConnectionException>(() => connecting);
        Assert.Contains("AUTH", failure.Message);
        Assert.True(await connection.IsClosedByClientAsync());
    }

    [Fact]
    public async Task Room_that_does_not_come_times_out_without_doubt()
    {
        var time = new ManualTime();
        await using var peer = new TestPeer();
        var (client, connection) = await peer.ConnectAsync(peer.Options with { TimeProvider = time, MaxInFlight = 1 });
        await using var _ = client;
        // off the rhythm in which the connection looks for silence, so that waiting for room ends first
        time.Advance(TimeSpan.FromSeconds(0.5));
        var first = client.GetAsync("a").AsTask();
        var second = client.PutAsync("b", "b").AsTask();
        Assert.Equal(["GET", "a"], await connection.ReadCommandAsync());

        await time.AdvanceUntilAsync(second);
        var failure = await Assert.ThrowsAsync<SuperMassiveTimeoutException>(() => second);
        Assert.False(failure.IsIndeterminate);
        Assert.Contains("not sent", failure.Message);
        await time.AdvanceUntilAsync(first);
        await Assert.ThrowsAsync<SuperMassiveTimeoutException>(() => first);
    }
}
