using System.Text;
using SuperMassive.Core;

namespace SuperMassive.Server.Tests.Loop;

/// <summary>What holds for every transport.</summary>
public sealed class TransportTests
{
    public static TheoryData<Transport> All => [.. Enum.GetValues<Transport>()];

    public static TheoryData<Transport> BetweenLoops => [.. Enum.GetValues<Transport>().Where(t => t != Transport.Memory)];

    [Theory, MemberData(nameof(All))]
    public void Echoes(Transport transport)
    {
        using var test = new TestLoop(transport);
        var (client, channel) = test.Connect();
        test.Send(channel, "written before it is open\n"u8.ToArray());
        test.Probe.Until(() => client.Text == "written before it is open\n", "the first line came back");
        Assert.Equal(1, client.OpenedCount);
        test.Send(channel, "and "u8.ToArray());
        test.Send(channel, "after\n"u8.ToArray());
        test.Probe.Until(() => client.Text.EndsWith("and after\n", StringComparison.Ordinal), "the second line came back whole");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void LargeMessagesInOddPieces(Transport transport, int lengthBytes)
    {
        using var test = new TestLoop(transport);
        var (client, channel) = test.Connect();
        var message = new byte[lengthBytes];
        new Random(1).NextBytes(message);
        message.AsSpan().Replace((byte)'\n', (byte)' ');
        message[^1] = (byte)'\n';
        for (int start = 0, piece = 1; start < message.Length; start += piece, piece = (piece * 3) + 7)
        {
            piece = Math.Min(piece, message.Length - start);
            test.Send(channel, message.AsMemory(start, piece));
        }
        test.Probe.Until(() => client.ReceivedBytes == message.Length, "the message came back");
        Assert.Equal(message, client.Bytes);
    }

    public static TheoryData<Transport, int> Sizes()
    {
        var data = new TheoryData<Transport, int>();
        foreach (var transport in Enum.GetValues<Transport>())
        {
            data.Add(transport, 1 << 20);
            data.Add(transport, 20 << 20);
        }
        return data;
    }

    [Theory, MemberData(nameof(All))]
    public void PausedMachinesAreHandedNothingUntilTheyResume(Transport transport)
    {
        using var test = new TestLoop(transport);
        var (client, channel) = test.Connect();
        test.Send(channel, "one\nPAUSE\ntwo\n"u8.ToArray());
        test.Probe.Until(() => client.Text == "one\n" && test.Server.Accepted[0].IsReadingPaused, "it paused");
        test.Send(channel, "three\n"u8.ToArray());
        var batches = test.Probe.Read(() => test.Server.Batches);
        test.Probe.Until(() => test.Server.Batches > batches + 3, "some time passed");
        Assert.Equal("one\n", client.Text);
        test.Do(() => test.Server.Accepted[0].IsReadingPaused = false);
        test.Probe.Until(() => client.Text == "one\ntwo\nthree\n", "the rest was handed over");
    }

    [Theory, MemberData(nameof(All))]
    public void ResumingWithinTheSameBatchHandsOverWhatWasLeft(Transport transport)
    {
        using var test = new TestLoop(transport);
        var (client, channel) = test.Connect();
        test.Server.AtEndBatch = () => test.Server.Accepted.ForEach(c => c.IsReadingPaused = false);
        test.Send(channel, "PAUSE\ntwo\n"u8.ToArray());
        test.Probe.Until(() => client.Text == "two\n", "the rest was handed over");
    }

    [Theory, MemberData(nameof(All))]
    public void CloseSendsTheLastReplyThoughInputIsUnread(Transport transport)
    {
        using var test = new TestLoop(transport);
        var (client, channel) = test.Connect();
        var unread = new byte[300_000];
        "CLOSE\n"u8.CopyTo(unread);
        test.Send(channel, unread);
        test.Probe.Until(() => client.Losses.Count == 1, "the client heard of the end");
        Assert.Equal("BYE\n", client.Text);
        Assert.Empty(test.Server.Losses);
        Assert.Equal("closed by the peer", client.Losses[0]);
    }

    [Theory, MemberData(nameof(All))]
    public void CloseSendsWhatIsLargerThanAnyBuffer(Transport transport)
    {
        using var test = new TestLoop(transport);
        var (client, channel) = test.Connect();
        test.Send(channel, "FILL 20000000\nCLOSE\n"u8.ToArray());
        test.Probe.Until(() => client.Losses.Count == 1, "the client heard of the end");
        Assert.Equal(20_000_004, client.ReceivedBytes);
    }

    [Theory, MemberData(nameof(All))]
    public void AbortIsALossForThePeerOnly(Transport transport)
    {
        using var test = new TestLoop(transport);
        var (client, channel) = test.Connect();
        test.Send(channel, "one\nABORT\ntwo\n"u8.ToArray());
        test.Probe.Until(() => client.Losses.Count == 1, "the client heard of the loss");
        Assert.Empty(test.Server.Losses);
        Assert.Equal("connection reset", client.Losses[0]);
    }

    [Theory, MemberData(nameof(All))]
    public void AClosedPeerIsReportedOnceAfterWhatItSent(Transport transport)
    {
        using var test = new TestLoop(transport);
        var (client, channel) = test.Connect();
        test.Send(channel, "PAUSE\nlast\n"u8.ToArray());
        test.Probe.Until(() => test.Server.Accepted is [{ IsReadingPaused: true }], "it paused");
        test.Do(channel.Close);
        test.Do(() => test.Server.Accepted[0].IsReadingPaused = false);
        test.Probe.Until(() => test.Server.Losses.Count == 1, "the server heard of the end");
        Assert.Equal("closed by the peer", test.Server.Losses[0].Reason);
        Assert.Empty(client.Losses);
        test.Do(() => test.Server.Accepted[0].Close());
        Assert.Single(test.Server.Losses);
    }

    [Theory, MemberData(nameof(All))]
    public void AMachinesExceptionCostsOneConnection(Transport transport)
    {
        using var test = new TestLoop(transport);
        var (unlucky, unluckyChannel) = test.Connect();
        var (client, channel) = test.Connect();
        test.Send(unluckyChannel, "THROW\n"u8.ToArray());
        test.Probe.Until(() => unlucky.Losses.Count == 1 && test.Server.Losses.Count == 1, "the connection was closed");
        Assert.Equal("internal error", test.Server.Losses[0].Reason);
        test.Send(channel, "still here\n"u8.ToArray());
        test.Probe.Until(() => client.Text == "still here\n", "the other one was served");
        Assert.Contains(test.Logger.Lines, l => l.Text.Contains(test.Server.Losses[0].Channel.Peer, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(All))]
    public void GatedRepliesLeaveWhenReleasedAtTheEndOfTheBatch(Transport transport)
    {
        using var test = new TestLoop(transport, new LineServer { ReleasesAtEnd = true }, gated: true);
        var (client, channel) = test.Connect();
        test.Send(channel, "one\n"u8.ToArray());
        test.Probe.Until(() => client.Text == "one\n", "the reply was released");
    }

    [Theory, MemberData(nameof(All))]
    public void UnreleasedRepliesStay(Transport transport)
    {
        using var test = new TestLoop(transport, gated: true);
        var (client, channel) = test.Connect();
        test.Send(channel, "one\n"u8.ToArray());
        test.Send(channel, "two\n"u8.ToArray());
        test.Probe.Until(() => test.Server.Accepted is [var c] && test.Server.Batches > 0, "it was accepted");
        Assert.Equal(0, WaitAndRead());
        test.Do(() => test.Server.Accepted[0].Output.Release(4));
        test.Probe.Until(() => client.Text == "one\n", "the first reply was released");

        long WaitAndRead()
        {
            var batches = test.Probe.Read(() => test.Server.Batches);
            test.Probe.Until(() => test.Server.Batches > batches + 3, "some time passed");
            return client.ReceivedBytes;
        }
    }

    [Theory, MemberData(nameof(All))]
    public void TheLimitOfConnectionsIsSaidAndKept(Transport transport)
    {
        using var test = new TestLoop(transport, limits: new Limits { Connections = 2 });
        var (_, first) = test.Connect();
        var (second, _) = test.Connect();
        test.Probe.Until(() => test.Server.Accepted.Count == 2, "two are served");
        var (third, _) = test.Connect();
        test.Probe.Until(() => third.Losses.Count == 1, "the third was turned away");
        Assert.Equal("ERR too many connections, the limit is 2\r\n", third.Text);
        test.Do(first.Close);
        test.Probe.Until(() => test.Server.Losses.Count == 1, "one has left");
        Assert.Equal(2, test.Server.Accepted.Count);
        var (fourth, channel) = test.Connect();
        test.Send(channel, "room again\n"u8.ToArray());
        test.Probe.Until(() => fourth.Text.Length > 0 && fourth.Text[0] == 'r', "the next one is served");
        Assert.Empty(second.Losses);
    }

    [Theory, MemberData(nameof(All))]
    public void ASlowReaderIsNotReadFromAndDisturbsNobody(Transport transport)
    {
        using var test = new TestLoop(transport, limits: new Limits { OutputBytes = 1 << 20 });
        var (slow, slowChannel) = test.Connect(test.Peer with { WriteTimeoutMs = 60_000 });
        var (client, channel) = test.Connect();
        test.Do(() => slowChannel.IsReadingPaused = true);
        test.Send(slowChannel, "FILL 30000000\n"u8.ToArray());
        test.Probe.Until(() => test.Server.Accepted.Count == 2, "both are served");
        for (var i = 0; i < 50; i++)
            test.Send(slowChannel, "more\n"u8.ToArray());
        test.Send(channel, "quick\n"u8.ToArray());
        test.Probe.Until(() => client.Text == "quick\n", "the other one was served");
        Assert.Equal(0, slow.ReceivedBytes);
        test.Do(() => slowChannel.IsReadingPaused = false);
        test.Probe.Until(() => slow.ReceivedBytes == 30_000_000 + (50 * 5), "the slow one got everything in the end");
    }

    [Theory, MemberData(nameof(All))]
    public void ALinkWhosePeerTakesNothingIsLost(Transport transport)
    {
        using var test = new TestLoop(transport);
        var (client, channel) = test.Connect(test.Peer with { WriteTimeoutMs = 200 });
        test.Send(channel, "PAUSE\n"u8.ToArray());
        test.Probe.Until(() => test.Server.Accepted is [{ IsReadingPaused: true }], "it paused");
        test.Send(channel, new byte[50_000_000]);
        test.Probe.Until(() => client.Losses.Count == 1, "the link was given up");
        Assert.Equal("write timeout", client.Losses[0]);
    }

    [Theory, MemberData(nameof(All))]
    public void ClosingBeforeItIsOpenIsSilent(Transport transport)
    {
        using var test = new TestLoop(transport);
        var client = new LineClient(test.Probe);
        test.Do(() =>
        {
            test.Loop.Add(client);
            test.Loop.Connect(client, test.Peer).Close();
            test.Loop.Connect(client, test.Peer).Abort();
        });
        var (other, channel) = test.Connect();
        test.Send(channel, "one\n"u8.ToArray());
        test.Probe.Until(() => other.Text == "one\n", "the next one was served");
        Assert.Empty(client.Losses);
        Assert.Equal(0, client.OpenedCount);
    }

    [Theory, MemberData(nameof(All))]
    public void AClosedListenerRefusesAndKeepsWhatIsOpen(Transport transport)
    {
        using var test = new TestLoop(transport);
        var (client, channel) = test.Connect();
        test.Probe.Until(() => client.OpenedCount == 1 && test.Server.Accepted.Count == 1, "it is open");
        test.Do(test.Listener.Close);
        var (refused, _) = test.Connect();
        test.Probe.Until(() => refused.Losses.Count == 1, "it was refused");
        Assert.Equal("connection refused", refused.Losses[0]);
        test.Send(channel, "one\n"u8.ToArray());
        test.Probe.Until(() => client.Text == "one\n", "the open one is served");
    }

    [Theory, MemberData(nameof(BetweenLoops))]
    public void StopSendsWhatWasWritten(Transport transport)
    {
        using var test = new TestLoop(transport);
        using var other = new TestLoop(transport, certificates: test.Certificates);
        var (client, channel) = other.Connect(test.Peer);
        other.Send(channel, "hello\n"u8.ToArray());
        other.Probe.Until(() => client.Text == "hello\n", "it is open");
        test.Do(() =>
        {
            test.Server.Accepted[0].Output.Write(Encoding.ASCII.GetBytes("good bye\n"));
            test.Loop.Stop();
        });
        Assert.True(test.Thread.Join(TimeSpan.FromSeconds(60)));
        other.Probe.Until(() => client.Losses.Count == 1, "the end was heard");
        Assert.Equal("hello\ngood bye\n", client.Text);
        Assert.Empty(test.Server.Losses);
    }
}
