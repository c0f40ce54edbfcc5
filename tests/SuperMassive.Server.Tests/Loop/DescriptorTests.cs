using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;

namespace SuperMassive.Server.Tests.Loop;

/// <summary>Descriptors of the whole process are counted and taken away here, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(DescriptorTests), DisableParallelization = true)]
[Collection(nameof(DescriptorTests))]
public sealed partial class DescriptorTests
{
    private const int RLIMIT_NOFILE = 7;

    public static TheoryData<Transport> Plain => [Transport.Epoll, Transport.Sockets];

    [Theory, MemberData(nameof(Plain))]
    public void TwoThousandConnectionsLeaveNothingBehind(Transport transport)
    {
        const int Rounds = 20;
        const int PerRound = 100;
        using var test = new TestLoop(transport);
        Round(test, 1, 1);
        var before = Count();
        for (var round = 0; round < Rounds; round++)
            Round(test, PerRound, 1 + ((round + 1) * PerRound));
        // the runtime may open a few of its own meanwhile
        test.Probe.Until(() => Count() <= before + 20, $"descriptors are back at {before}");
    }

    [Theory, MemberData(nameof(Plain))]
    public void RunningOutOfDescriptorsIsSurvived(Transport transport)
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var test = new TestLoop(transport);
        using var first = test.ConnectPlain();
        Echo(first);
        Assert.Equal(0, GetLimit(RLIMIT_NOFILE, out var limit));
        // the client's own descriptor is taken before there are none, so that only the server has to do without
        using var waiting = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 20_000 };
        try
        {
            Assert.Equal(0, SetLimit(RLIMIT_NOFILE, limit with { Soft = 1 }));
            waiting.Connect(System.Net.IPAddress.Loopback, test.Listener.EndPoint.Port);
            waiting.Send("one\n"u8);
            test.Probe.Until(() => test.Logger.Lines.Any(SaysSo), "it was logged");
            Echo(first);
            var batches = test.Probe.Read(() => test.Server.Batches);
            test.Probe.Until(() => test.Server.Batches >= batches + 5, "some time passed");
        }
        finally
        {
            Assert.Equal(0, SetLimit(RLIMIT_NOFILE, limit));
        }
        Assert.Equal("one\n", Receive(waiting, 4));
        Assert.Single(test.Logger.Lines, SaysSo);

        static bool SaysSo((LogLevel Level, string Text) line) =>
            line.Text.Contains("no connection can be accepted", StringComparison.Ordinal);
    }

    private static void Round(TestLoop test, int count, int totalAccepted)
    {
        var clients = Enumerable.Range(0, count).Select(_ => test.ConnectPlain()).ToList();
        clients.ForEach(Echo);
        Assert.Equal(totalAccepted, test.Probe.Read(() => test.Server.Accepted.Count));
        clients.ForEach(c => c.Dispose());
        test.Probe.Until(() => test.Server.Losses.Count == totalAccepted, "all have left");
    }

    private static void Echo(Socket client)
    {
        client.Send("x\n"u8);
        Assert.Equal("x\n", Receive(client, 2));
    }

    private static string Receive(Socket client, int lengthBytes)
    {
        var reply = new byte[lengthBytes];
        for (var count = 0; count < lengthBytes;)
        {
            var received = client.Receive(reply.AsSpan(count));
            Assert.NotEqual(0, received);
            count += received;
        }
        return Encoding.ASCII.GetString(reply);
    }

    private static int Count() => OperatingSystem.IsLinux() ? Directory.GetFiles("/proc/self/fd").Length : 0;

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    private readonly record struct Limit
    {
        public ulong Soft { get; init; }

        public ulong Hard { get; init; }
    }
}
