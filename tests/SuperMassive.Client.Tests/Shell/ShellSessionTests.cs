using System.Text;
using SuperMassive.Cli.Shell;
using SuperMassive.Client.Tests.Support;

namespace SuperMassive.Client.Tests.Shell;

public sealed class ShellSessionTests
{
    private const string Refusal = "ERR a line beginning with '*' is RESP framing, which this shell does not speak";
    private static readonly string AuthLine = "AUTH " + Convert.ToBase64String("ada\0s3cret"u8);

    [Fact]
    public async Task Lines_go_as_typed_and_long_replies_come_whole()
    {
        await using var peer = new TestPeer();
        var output = new RecordedOutput();
        await using var session = new ShellSession(peer.OptionsWithCredentials, output);
        var connection = await ConnectAsync(peer, session);

        Assert.Equal(Outcome.Ok, await RunAsync(session, connection, "pUt k  a b ", "OK key-value written\r\n"));
        Assert.Equal(Outcome.Ok, await RunAsync(session, connection, "regx ^k", "OK k a\r\nk2 ", "b\r\nERR c\r", "\n\r\n"));
        Assert.Equal(Outcome.Ok, await RunAsync(session, connection, "STAT", "OK\r\nCLUSTER x:1\r\n    keys 1\r\n\r\n"));
        Assert.Equal(Outcome.Error, await RunAsync(session, connection, "REGX [", "ERR invalid pattern: why\r\n"));
        Assert.Equal(Outcome.Ok, await RunAsync(session, connection, "GET k", "k a b\r\n"));
        Assert.Equal(
            ["OK key-value written", "OK k a", "k2 b", "ERR c", "", "OK", "CLUSTER x:1", "    keys 1", "",
                "!ERR invalid pattern: why", "k a b"],
            output.Lines);
        Assert.Empty(output.Notices);
    }

    [Fact]
    public async Task A_loss_is_said_and_the_next_line_reconnects_and_authenticates()
    {
        await using var peer = new TestPeer();
        var output = new RecordedOutput();
        await using var session = new ShellSession(peer.OptionsWithCredentials, output);
        var connection = await ConnectAsync(peer, session);

        var put = session.ExecuteAsync("PUT k v"u8.ToArray(), default);
        await connection.ReadLineAsync();
        await connection.DisposeAsync();
        Assert.Equal(Outcome.Lost, await put.Soon());
        Assert.Contains("may or may not", Assert.Single(output.Notices));

        var get = session.ExecuteAsync("GET k"u8.ToArray(), default);
        connection = await AcceptAuthenticatedAsync(peer);
        Assert.Equal("GET k", await connection.ReadLineAsync());
        await connection.SendAsync("k v\r\n");
        Assert.Equal(Outcome.Ok, await get.Soon());
        Assert.Contains("reconnected", output.Notices[1]);
    }

    [Fact]
    public async Task Credentials_typed_by_hand_serve_again_after_a_loss()
    {
        await using var peer = new TestPeer();
        await using var session = new ShellSession(peer.Options, new RecordedOutput());
        var accepting = peer.AcceptAsync();
        await session.ConnectAsync(default).Soon();
        var connection = await accepting;
        Assert.Equal(Outcome.Ok, await RunAsync(session, connection, AuthLine, "OK authenticated\r\n"));
        var get = session.ExecuteAsync("GET k"u8.ToArray(), default);
        await connection.ReadLineAsync();
        await connection.DisposeAsync();
        Assert.Equal(Outcome.Lost, await get.Soon());

        get = session.ExecuteAsync("GET k"u8.ToArray(), default);
        connection = await AcceptAuthenticatedAsync(peer);
        await connection.ReadLineAsync();
        await connection.SendAsync("k v\r\n");
        Assert.Equal(Outcome.Ok, await get.Soon());
    }

    [Fact]
    public async Task Cancelling_gives_up_the_connection()
    {
        await using var peer = new TestPeer();
        var output = new RecordedOutput();
        await using var session = new ShellSession(peer.OptionsWithCredentials, output);
        var connection = await ConnectAsync(peer, session);
        using var interrupt = new CancellationTokenSource();
        var incr = session.ExecuteAsync("INCR n"u8.ToArray(), interrupt.Token);
        await connection.ReadLineAsync();
        await interrupt.CancelAsync();
        Assert.Equal(Outcome.Lost, await incr.Soon());
        Assert.Contains("INCR may or may not", Assert.Single(output.Notices));
        Assert.True(await connection.IsClosedByClientAsync());
    }

    [Fact]
    public async Task Wrong_credentials_fail_the_connection()
    {
        await using var peer = new TestPeer();
        await using var session = new ShellSession(peer.OptionsWithCredentials, new RecordedOutput());
        var connecting = session.ConnectAsync(default);
        var connection = await peer.AcceptAsync();
        await connection.ReadLineAsync();
        await connection.SendAsync("ERR invalid credentials\r\n");
        Assert.Equal("ERR invalid credentials", (await Assert.ThrowsAsync<SuperMassiveServerException>(() => connecting.Soon())).Message);
    }

    [Theory]
    [InlineData("GET a\n", new[] { "GET a" }, new[] { "a 1\r\n" }, "a 1\n", 0)]
    [InlineData("GET a", new[] { "GET a" }, new[] { "ERR key-value not found\r\n" }, "ERR key-value not found\n", 1)]
    [InlineData("GET a\r\n\r\nGET b\n", new[] { "GET a", "GET b" }, new[] { "ERR x\r\n", "b 2\r\n" }, "ERR x\nb 2\n", 1)]
    [InlineData("REGX .\nGET b\n", new[] { "REGX .", "GET b" }, new[] { "OK a 1\r\n\r\n", "b 2\r\n" }, "OK a 1\n\nb 2\n", 0)]
    [InlineData("QUIT\nGET b\n", new[] { "QUIT" }, new[] { "OK see ya later\r\n" }, "OK see ya later\n", 0)]
    [InlineData("*1\n", new string[0], new string[0], Refusal + "\n", 1)]
    public async Task Piped_lines_are_answered_plainly(
        string input, string[] expected, string[] replies, string output, int exitCode)
    {
        await using var peer = new TestPeer();
        using var written = new MemoryStream();
        var notices = new StringWriter();
        var running = PipedShell.RunAsync(
            peer.OptionsWithCredentials, new MemoryStream(Encoding.UTF8.GetBytes(input)), new PlainOutput(written, notices), default);
        var connection = await AcceptAuthenticatedAsync(peer);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], await connection.ReadLineAsync());
            await connection.SendAsync(replies[i]);
        }
        Assert.Equal(exitCode, await running.Soon());
        Assert.Equal(output, Encoding.UTF8.GetString(written.ToArray()));
        Assert.Equal("", notices.ToString());
    }

    [Fact]
    public async Task A_loss_ends_a_pipe()
    {
        await using var peer = new TestPeer();
        var notices = new StringWriter();
        var input = new MemoryStream("DEL a\nPUT b c\n"u8.ToArray());
        var running = PipedShell.RunAsync(
            peer.OptionsWithCredentials, input, new PlainOutput(new MemoryStream(), notices), default);
        var connection = await AcceptAuthenticatedAsync(peer);
        await connection.ReadLineAsync();
        await connection.DisposeAsync();
        Assert.Equal(1, await running.Soon());
        Assert.Contains("DEL may or may not", notices.ToString());
    }

    private static async Task<PeerConnection> ConnectAsync(TestPeer peer, ShellSession session)
    {
        var accepting = AcceptAuthenticatedAsync(peer);
        await session.ConnectAsync(default).Soon();
        return await accepting;
    }

    private static async Task<PeerConnection> AcceptAuthenticatedAsync(TestPeer peer)
    {
        var connection = await peer.AcceptAsync();
        Assert.Equal(AuthLine, await connection.ReadLineAsync());
        await connection.SendAsync("OK authenticated\r\n");
        return connection;
    }

    private static async Task<Outcome> RunAsync(ShellSession session, PeerConnection connection, string line, params string[] reply)
    {
        var running = session.ExecuteAsync(Encoding.UTF8.GetBytes(line), default);
        Assert.Equal(line, await connection.ReadLineAsync());
        foreach (var piece in reply)
            await connection.SendAsync(piece);
        return await running.Soon();
    }
}
