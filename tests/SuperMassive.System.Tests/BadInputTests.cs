using System.Diagnostics;
using SuperMassive.Client;
using static SuperMassive.SystemTests.Support.RawConnection;

namespace SuperMassive.SystemTests;

/// <summary>Clients that misbehave get an error or lose their connection; one that behaves keeps getting right answers meanwhile.</summary>
public sealed class BadInputTests(SharedTopology shared, ITestOutputHelper output) : SharedTopologyTest(shared, output)
{
    [Theory]
    [InlineData("*x\r\n", "-ERR protocol error: invalid array length\r\n")]
    [InlineData("*0\r\n", "-ERR protocol error: invalid array length\r\n")]
    [InlineData("*2147483648\r\n", "-ERR protocol error: array has too many elements\r\n")]
    [InlineData("*1\r\n:1\r\n", "-ERR protocol error: expected a bulk string\r\n")]
    [InlineData("*1\r\n$-1\r\n", "-ERR protocol error: invalid bulk length\r\n")]
    [InlineData("*1\r\n$4\r\nPINGxx", "-ERR protocol error: expected CRLF after a bulk string\r\n")]
    public async Task Lost_framing_gets_one_error_and_the_end(string sent, string reply)
    {
        await using var connection = await AuthenticatedAsync(Topology);
        await connection.SendAsync("PING\r\n" + sent);
        Assert.Equal("OK PONG\r\n" + reply, await connection.ReadToEndAsync());
    }

    [Fact]
    public async Task Whatever_else_comes_one_client_keeps_getting_right_answers()
    {
        using var stopping = new CancellationTokenSource();
        var behaving = BehaveAsync(stopping.Token);
        var idle = new List<RawConnection>();
        for (var i = 0; i < 200; i++)
            idle.Add(await AuthenticatedAsync(Topology));

        await Task.WhenAll(
            SilentAsync(), ChattyButUnknownAsync(), HalfCommandAsync(), ClaimingTwoGigabytesAsync(), DribblingAsync(),
            GarbageAsync(), AbruptAsync(), NeverReadingAsync());

        Assert.All(idle, _ => Assert.False(behaving.IsCompleted));
        foreach (var connection in idle)
        {
            await connection.ExpectNothingMoreAsync();
            await connection.DisposeAsync();
        }
        await stopping.CancelAsync();
        var (exchanges, slowestMs) = await behaving;
        Print($"200 idle and 8 kinds of bad clients; meanwhile {exchanges} right answers, the slowest after {slowestMs:0.0} ms");
        Assert.True(exchanges > 0);
    }

    private async Task<(long Exchanges, double SlowestMs)> BehaveAsync(CancellationToken stopping)
    {
        await using var client = await SuperMassiveClient.ConnectAsync(Topology.ClientOptions(), CancellationToken.None);
        var slowest = TimeSpan.Zero;
        var exchanges = 0L;
        while (!stopping.IsCancellationRequested)
        {
            var watch = Stopwatch.StartNew();
            await client.PutAsync("behaving", $"{exchanges}", CancellationToken.None);
            Assert.Equal($"{exchanges}", await client.GetAsync("behaving", CancellationToken.None));
            exchanges += 2;
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
        }
        return (exchanges, slowest.TotalMilliseconds);
    }

    private async Task SilentAsync()
    {
        var watch = Stopwatch.StartNew();
        await using var connection = await OpenAsync(Topology);
        Assert.StartsWith("ERR authentication timeout", await connection.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.True(watch.Elapsed.TotalSeconds >= 4.9, "before its time was over");
        Print($"a connection that never authenticated was closed after {watch.Elapsed.TotalSeconds:0.00} s");
    }

    private async Task ChattyButUnknownAsync()
    {
        var watch = Stopwatch.StartNew();
        await using var connection = await OpenAsync(Topology);
        await connection.AskAsync("PING\r\n", "OK PONG\r\n");
        await connection.SendAsync(new string('x', 2_000));
        await connection.ExpectAsync("ERR command over the limit of 1024 bytes before authentication\r\n");
        Assert.StartsWith("ERR authentication timeout", await connection.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.True(watch.Elapsed.TotalSeconds >= 4.9, "before its time was over");
    }

    private async Task HalfCommandAsync()
    {
        await using var connection = await AuthenticatedAsync(Topology);
        await connection.SendAsync("*3\r\n$3\r\nPUT\r\n$4\r\nhalf\r\n$100\r\nabc");
        Assert.StartsWith("ERR the command did not arrive whole in time", await connection.ReadToEndAsync(), StringComparison.Ordinal);
        await using var other = await AuthenticatedAsync(Topology);
        await other.AskAsync("GET half\r\n", "ERR key-value not found\r\n");
    }

    private async Task ClaimingTwoGigabytesAsync()
    {
        await using var connection = await AuthenticatedAsync(Topology);
        await connection.AskAsync("*3\r\n$3\r\nPUT\r\n$3\r\nbig\r\n$2147483647\r\n", "-ERR value over the limit of 67108864 bytes\r\n");
    }

    /// <summary>Slow, but not slower than it may be: the whole command arrives within the read timeout.</summary>
    private async Task DribblingAsync()
    {
        await using var connection = await AuthenticatedAsync(Topology);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(SharedTopology.ReadTimeoutMs / 100));
        foreach (var one in "PUT dribbled slowly but surely\r\n")
        {
            await pace.WaitForNextTickAsync();
            await connection.SendAsync(one.ToString());
        }
        await connection.ExpectAsync("OK key-value written\r\n");
        await connection.AskAsync("GET dribbled\r\n", "dribbled slowly but surely\r\n");
    }

    private async Task GarbageAsync()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            await using var connection = await AuthenticatedAsync(Topology);
            var random = new Random(seed);
            var garbage = string.Concat(Enumerable.Range(0, 3_000).Select(_ => "*$:\r\n019 GETPUT\0\u00ff"[random.Next(17)]));
            await connection.SendAsync(garbage + "\r\nQUIT\r\n");
            var replies = await connection.ReadToEndAsync();
            Assert.All(replies.Split("\r\n", StringSplitOptions.RemoveEmptyEntries), reply =>
                Assert.True(reply.StartsWith("ERR ", StringComparison.Ordinal) || reply.StartsWith("-ERR ", StringComparison.Ordinal)
                    || reply == "OK see ya later", reply));
        }
    }

    /// <summary>Gone in the midst of commands and before their replies.</summary>
    private async Task AbruptAsync()
    {
        for (var i = 0; i < 50; i++)
        {
            await using var connection = await AuthenticatedAsync(Topology);
            await connection.SendAsync(string.Concat(Enumerable.Repeat("PUT abrupt 1\r\nGET abrupt\r\n", 20)) + "PUT abr");
        }
    }

    /// <summary>Asks for much and reads nothing until the end: it costs bounded memory, and is owed every reply.</summary>
    private async Task NeverReadingAsync()
    {
        const int gets = 200;
        var value = new string('v', 1 << 20);
        await using var connection = await AuthenticatedAsync(Topology);
        await connection.AskAsync($"PUT much {value}\r\n", "OK key-value written\r\n");
        await connection.SendAsync(string.Concat(Enumerable.Repeat("GET much\r\n", gets)));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            await using var other = await AuthenticatedAsync(Topology);
            await other.ExpectNothingMoreAsync();
        }));
        for (var i = 0; i < gets; i++)
            await connection.ExpectAsync($"much {value}\r\n");
        await connection.ExpectNothingMoreAsync();
    }
}
