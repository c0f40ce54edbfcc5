using SuperMassive.Client.Tests.Support;

namespace SuperMassive.Client.Tests;

public sealed class PipeliningTests
{
    [Fact]
    public async Task Concurrent_callers_each_get_their_own_reply()
    {
        const int callers = 64, commandsEach = 50;
        await using var peer = new TestPeer();
        var (client, connection) = await peer.ConnectAsync();
        await using var _ = client;
        var serving = Task.Run(async () =>
        {
            for (var i = 0; i < callers * commandsEach; i++)
            {
                var command = await connection.ReadCommandAsync();
                var value = $"value of {command[1]}";
                await connection.SendAsync($"${value.Length}\r\n{value}\r\n");
            }
        });

        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < commandsEach; i++)
                Assert.Equal($"value of {caller}.{i}", await client.GetAsync($"{caller}.{i}").Soon());
        }))).Soon();
        await serving.Soon();
    }

    [Fact]
    public async Task Commands_leave_without_waiting_for_replies()
    {
        const int commands = 500;
        await using var peer = new TestPeer();
        var (client, connection) = await peer.ConnectAsync();
        await using var _ = client;

        var pending = Enumerable.Range(0, commands).Select(i => client.IncrementAsync($"k{i}", i).AsTask()).ToArray();
        for (var i = 0; i < commands; i++)
            Assert.Equal(["INCR", $"k{i}", $"{i}"], await connection.ReadCommandAsync());
        Assert.DoesNotContain(pending, task => task.IsCompleted);
        await connection.SendAsync(string.Concat(Enumerable.Range(0, commands).Select(i => $":{i}\r\n")));

        Assert.Equal(Enumerable.Range(0, commands).Select(i => $"{i}"), await Task.WhenAll(pending).Soon());
    }

    [Fact]
    public async Task Commands_beyond_the_limit_wait_for_room()
    {
        await using var peer = new TestPeer();
        var (client, connection) = await peer.ConnectAsync(peer.Options with { MaxInFlight = 2 });
        await using var _ = client;

        var pending = Enumerable.Range(0, 5).Select(_ => client.PingAsync().AsTask()).ToArray();
        for (var i = 0; i < pending.Length; i++)
        {
            Assert.Equal(["PING"], await connection.ReadCommandAsync());
            await connection.SendAsync("+OK PONG\r\n");
        }
        await Task.WhenAll(pending).Soon();
    }

    [Fact]
    public async Task A_cancelled_command_keeps_its_place_in_the_order()
    {
        await using var peer = new TestPeer();
        var (client, connection) = await peer.ConnectAsync();
        await using var _ = client;
        using var cancellation = new CancellationTokenSource();

        var cancelled = client.GetAsync("a", cancellation.Token);
        var kept = client.GetAsync("b");
        await connection.ReadCommandAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Soon());
        await connection.SendAsync("$1\r\nA\r\n$1\r\nB\r\n");

        Assert.Equal("B", await kept.Soon());
    }

    [Fact]
    public async Task A_value_larger_than_any_buffer_passes_both_ways()
    {
        await using var peer = new TestPeer();
        var (client, connection) = await peer.ConnectAsync(peer.Options with { MaxUnsentBytes = 1 << 16 });
        await using var _ = client;
        var value = new string('v', 3 << 20);

        var put = client.PutAsync("k", value);
        Assert.Equal(["PUT", "k", value], await connection.ReadCommandAsync());
        await connection.SendAsync("+OK key-value written\r\n");
        await put.Soon();
        var get = client.GetAsync("k");
        await connection.SendAsync($"${value.Length}\r\n{value}\r\n");

        Assert.Equal(value, await get.Soon());
    }
}
