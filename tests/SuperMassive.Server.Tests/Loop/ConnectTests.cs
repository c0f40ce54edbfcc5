using System.Net;
using System.Net.Sockets;
using SuperMassive.Core;
using SuperMassive.Server.Loop;

namespace SuperMassive.Server.Tests.Loop;

/// <summary>How failures to connect and to listen are told.</summary>
public sealed class ConnectTests
{
    public static TheoryData<Transport> Plain => [Transport.Epoll, Transport.Sockets];

    [Theory, MemberData(nameof(Plain))]
    public void NobodyListens(Transport transport)
    {
        using var test = new TestLoop(transport);
        // bound, so that nobody else can listen there meanwhile
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)silent.LocalEndPoint!).Port;
        Assert.Equal("connection refused", LossOf(test, new PeerAddress($"127.0.0.1:{port}")));
        Assert.Equal("connection refused", LossOf(test, new PeerAddress($"localhost:{port}")));
        Assert.Equal("connection refused", LossOf(test, new PeerAddress("memory:nobody")));
    }

    [Theory, MemberData(nameof(Plain))]
    public void NamesAreResolvedWithoutBlocking(Transport transport)
    {
        using var test = new TestLoop(transport);
        var (client, channel) = test.Connect(new PeerAddress($"localhost:{test.Listener.EndPoint.Port}"));
        test.Send(channel, "one\n"u8.ToArray());
        test.Probe.Until(() => client.Text == "one\n", "it was served");
    }

    [Theory, MemberData(nameof(Plain))]
    public void UnknownNames(Transport transport)
    {
        using var test = new TestLoop(transport);
        Assert.Equal("name not found", LossOf(test, new PeerAddress("no-such-host.invalid:1")));
    }

    [Theory, MemberData(nameof(Plain))]
    public void BadAddresses(Transport transport)
    {
        using var test = new TestLoop(transport);
        Assert.Equal("nowhere is not host:port", LossOf(test, new PeerAddress("nowhere")));
        Assert.Equal("::1:80 is not host:port", LossOf(test, new PeerAddress("::1:80")));
        Assert.Equal("a:99999 is not host:port", LossOf(test, new PeerAddress("a:99999")));
    }

    [Theory, MemberData(nameof(Plain))]
    public void APeerThatNeverAnswers(Transport transport)
    {
        // a listener whose queue is full drops what comes: the handshake is never answered
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        filler.Connect(full.LocalEndPoint!);
        using var test = new TestLoop(transport);
        var peer = new PeerAddress(full.LocalEndPoint!.ToString()!) { ConnectTimeoutMs = 150 };
        Assert.Equal("connect timeout", LossOf(test, peer));
    }

    [Theory, MemberData(nameof(Plain))]
    public void AnAddressInUseIsNamed(Transport transport)
    {
        using var test = new TestLoop(transport);
        var failure = test.Ask(() => Record.Exception(() => test.Loop.Listen(test.Server, new ListenOptions(test.Address))));
        Assert.IsType<IOException>(failure);
        Assert.Equal($"cannot listen on {test.Address}: the address is in use", failure.Message);
        failure = test.Ask(() => Record.Exception(() => test.Loop.Listen(test.Server, new ListenOptions("4000"))));
        Assert.Equal("cannot listen on 4000: it is not host:port", Assert.IsType<IOException>(failure).Message);
    }

    [Theory, MemberData(nameof(Plain))]
    public void ARestartedListenerTakesItsPortBack(Transport transport)
    {
        using var test = new TestLoop(transport);
        var (client, channel) = test.Connect();
        test.Send(channel, "CLOSE\n"u8.ToArray());
        test.Probe.Until(() => client.Losses.Count == 1, "the server closed first, so that its side is remembered for a while");
        test.Do(test.Listener.Close);
        test.Do(() => test.Loop.Listen(test.Server, new ListenOptions(test.Address)));
        var (next, nextChannel) = test.Connect();
        test.Send(nextChannel, "one\n"u8.ToArray());
        test.Probe.Until(() => next.Text == "one\n", "it was served");
    }

    private static string LossOf(TestLoop test, PeerAddress peer)
    {
        var (client, _) = test.Connect(peer);
        test.Probe.Until(() => client.Losses.Count == 1, "the failure was reported");
        Assert.Equal(0, client.OpenedCount);
        return client.Losses[0];
    }
}
