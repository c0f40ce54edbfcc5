using System.Net.Sockets;
using System.Text;
using SuperMassive.Core;

namespace SuperMassive.Server.Tests.Loop;

/// <summary>The loop against ordinary blocking sockets, which can do what a machine cannot.</summary>
public sealed class PlainSocketTests
{
    public static TheoryData<Transport> Plain => [Transport.Epoll, Transport.Sockets];

    [Theory, MemberData(nameof(Plain))]
    public void AHalfClosedPeerStillReadsItsReplies(Transport transport)
    {
        using var test = new TestLoop(transport);
        using var client = test.ConnectPlain();
        client.Send("one\ntwo\nthr"u8);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("one\ntwo\n", ReadToEnd(client));
        test.Probe.Until(() => test.Server.Losses.Count == 1, "the server heard of the end");
        Assert.Equal("closed by the peer", test.Server.Losses[0].Reason);
    }

    [Theory, MemberData(nameof(Plain))]
    public void ACoreThatOwesRepliesMaySendThemAfterThePeersEnd(Transport transport)
    {
        using var test = new TestLoop(transport, new LineServer { AnswersAfterEnd = true });
        using var client = test.ConnectPlain();
        client.Send("one\n"u8);
        client.Shutdown(SocketShutdown.Send);
        test.Probe.Until(() => test.Server.Accepted.Count == 1, "it was accepted");
        var batches = test.Probe.Read(() => test.Server.Batches);
        test.Probe.Until(() => test.Server.Batches > batches + 3, "some time passed");
        test.Do(() =>
        {
            test.Server.Accepted[0].Output.Write("late\n"u8);
            test.Server.Accepted[0].Close();
        });
        Assert.Equal("one\nlate\n", ReadToEnd(client));
        Assert.Empty(test.Server.Losses);
    }

    [Theory, MemberData(nameof(Plain))]
    public void AResetIsReported(Transport transport)
    {
        using var test = new TestLoop(transport);
        var client = test.ConnectPlain();
        test.Probe.Until(() => test.Server.Accepted.Count == 1, "it was accepted");
        client.LingerState = new LingerOption(true, 0);
        client.Dispose();
        test.Probe.Until(() => test.Server.Losses.Count == 1, "the server heard of the loss");
        Assert.Equal("connection reset", test.Server.Losses[0].Reason);
    }

    [Theory, MemberData(nameof(Plain))]
    public void AResetIsReportedThoughReadingIsPaused(Transport transport)
    {
        using var test = new TestLoop(transport);
        var client = test.ConnectPlain();
        client.Send("PAUSE\nmore\n"u8);
        test.Probe.Until(() => test.Server.Accepted is [{ IsReadingPaused: true }], "it paused");
        client.Send("more\n"u8);
        client.LingerState = new LingerOption(true, 0);
        client.Dispose();
        // on .NET's sockets a pause hides the reset until something is sent
        if (transport == Transport.Sockets)
            test.Do(() => test.Server.Accepted[0].Output.Write("anything\n"u8));
        test.Probe.Until(() => test.Server.Losses.Count == 1, "the server heard of the loss");
    }

    [Theory, MemberData(nameof(Plain))]
    public void PipelinedByOneByte(Transport transport)
    {
        using var test = new TestLoop(transport);
        using var client = test.ConnectPlain();
        var sent = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 200).Select(i => $"line {i}\n")));
        foreach (var b in sent)
            client.Send([b]);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(Encoding.ASCII.GetString(sent), ReadToEnd(client));
    }

    [Theory, MemberData(nameof(Plain))]
    public void AClosedConnectionThatThePeerKeepsOpenDoesNotCountForEver(Transport transport)
    {
        using var test = new TestLoop(transport, limits: new Limits { Connections = 1 });
        using var stubborn = test.ConnectPlain();
        stubborn.Send("CLOSE\n"u8);
        Assert.Equal("BYE\n", ReadToEnd(stubborn));
        var dueMs = Environment.TickCount64 + 20_000;
        while (!TryEcho(test))
        {
            Assert.True(Environment.TickCount64 < dueMs, "the linger never ended");
            var batches = test.Probe.Read(() => test.Server.Batches);
            test.Probe.Until(() => test.Server.Batches > batches + 3, "some time passed");
        }
    }

    private static bool TryEcho(TestLoop test)
    {
        using var client = test.ConnectPlain();
        client.Send("one\n"u8);
        var reply = new byte[1];
        return client.Receive(reply) == 1 && reply[0] == 'o';
    }

    private static string ReadToEnd(Socket client)
    {
        var text = new StringBuilder();
        var buffer = new byte[4_096];
        while (client.Receive(buffer) is > 0 and var count)
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        return text.ToString();
    }
}
