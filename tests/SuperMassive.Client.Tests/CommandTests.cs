using SuperMassive.Client.Tests.Support;

namespace SuperMassive.Client.Tests;

/// <summary>What each method sends, and what it makes of each reply.</summary>
public sealed class CommandTests
{
    private static async Task<T> AskAsync<T>(Func<SuperMassiveClient, ValueTask<T>> ask, string[] expectedCommand, string reply)
    {
        await using var peer = new TestPeer();
        var (client, connection) = await peer.ConnectAsync();
        await using var _ = client;
        var answer = ask(client);
        Assert.Equal(expectedCommand, await connection.ReadCommandAsync());
        await connection.SendAsync(reply);
        return await answer.Soon();
    }

    private static Task<bool> DoAsync(Func<SuperMassiveClient, ValueTask> act, string[] expectedCommand, string reply) =>
        AskAsync(async client =>
        {
            await act(client);
            return true;
        }, expectedCommand, reply);

    [Theory]
    [InlineData("$5\r\nvalue\r\n", "value")]
    [InlineData("$0\r\n\r\n", "")]
    [InlineData("$-1\r\n", null)]
    [InlineData("-ERR key-value not found\r\n", null)]
    public async Task Get(string reply, string? expected) =>
        Assert.Equal(expected, await AskAsync(client => client.GetAsync("key"), ["GET", "key"], reply));

    [Theory]
    [InlineData(":1\r\n", true)]
    [InlineData(":0\r\n", false)]
    [InlineData("-ERR key-value not found\r\n", false)]
    public async Task Delete(string reply, bool expected) =>
        Assert.Equal(expected, await AskAsync(client => client.DeleteAsync("key"), ["DEL", "key"], reply));

    [Fact]
    public Task Put() => DoAsync(client => client.PutAsync("key", "a b\r\nc"), ["PUT", "key", "a b\r\nc"], "+OK key-value written\r\n");

    [Fact]
    public async Task Increment_takes_integers_decimals_and_text()
    {
        Assert.Equal("6", await AskAsync(client => client.IncrementAsync("n"), ["INCR", "n", "1"], ":6\r\n"));
        Assert.Equal("-7", await AskAsync(client => client.DecrementAsync("n", 9), ["DECR", "n", "9"], ":-7\r\n"));
        Assert.Equal("2.6", await AskAsync(client => client.IncrementAsync("n", 1.10m), ["INCR", "n", "1.10"], "$3\r\n2.6\r\n"));
        Assert.Equal("0.5", await AskAsync(client => client.DecrementAsync("n", "1.5"), ["DECR", "n", "1.5"], "$3\r\n0.5\r\n"));
    }

    [Fact]
    public async Task Scan_returns_pairs()
    {
        var found = await AskAsync(client => client.ScanAsync("^k"), ["REGX", "^k"], "*4\r\n$2\r\nk1\r\n$1\r\na\r\n$2\r\nk2\r\n$0\r\n\r\n");
        Assert.Equal([("k1", "a"), ("k2", "")], found.Select(pair => (pair.Key, pair.Value)));
        Assert.Empty(await AskAsync(client => client.ScanAsync("x", 2, 3), ["REGX", "x", "2", "3"], "-ERR no keys found\r\n"));
        Assert.Empty(await AskAsync(client => client.ScanAsync("x"), ["REGX", "x"], "*0\r\n"));
    }

    [Fact]
    public async Task Ping_stat_and_reload()
    {
        await DoAsync(client => client.PingAsync(), ["PING"], "+OK PONG\r\n");
        await DoAsync(client => client.ReloadAsync(), ["RCNF"], "+OK configs reloaded\r\n");
        Assert.Equal("CLUSTER x:1\r\n", await AskAsync(client => client.StatAsync(), ["STAT"], "$13\r\nCLUSTER x:1\r\n\r\n"));
        var statistics = await AskAsync(client => client.GetStatisticsAsync(), ["STAT"], "$13\r\nCLUSTER x:1\r\n\r\n");
        Assert.Equal("x:1", statistics.Cluster!.Address);
    }

    [Fact]
    public async Task A_server_error_keeps_its_message()
    {
        var error = await Assert.ThrowsAsync<SuperMassiveServerException>(
            () => AskAsync(client => client.IncrementAsync("n"), ["INCR", "n", "1"], "-ERR value is not a number\r\n"));
        Assert.Equal("ERR value is not a number", error.Message);
        Assert.Equal("value is not a number", error.Reason);
        Assert.False(error.IsIndeterminate);
        var timeout = await Assert.ThrowsAsync<SuperMassiveServerException>(
            () => DoAsync(client => client.PutAsync("k", "v"), ["PUT", "k", "v"], "-ERR timeout\r\n"));
        Assert.True(timeout.IsIndeterminate);
    }
}
