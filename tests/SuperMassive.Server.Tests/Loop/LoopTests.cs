using SuperMassive.Core;
using SuperMassive.Server.Loop;

namespace SuperMassive.Server.Tests.Loop;

/// <summary>The loop itself: posting, stopping, and machines that talk among themselves.</summary>
public sealed class LoopTests
{
    public static TheoryData<Transport> Plain => [Transport.Epoll, Transport.Sockets];

    [Theory, MemberData(nameof(Plain))]
    public void PostsOfManyThreadsAreAllRunInTheirOrder(Transport transport)
    {
        const int Threads = 8;
        const int PerThread = 5_000;
        using var test = new TestLoop(transport);
        var next = new int[Threads];
        var wrong = 0;
        var total = 0;
        var threads = Enumerable.Range(0, Threads).Select(t => new Thread(() =>
        {
            for (var i = 0; i < PerThread; i++)
            {
                var expected = i;
                test.Loop.Post(() =>
                {
                    if (next[t]++ != expected || Thread.CurrentThread != test.Thread)
                        wrong++;
                    if (++total == Threads * PerThread)
                        test.Probe.Change(() => { });
                });
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        test.Probe.Until(() => Volatile.Read(ref total) == Threads * PerThread, "all were run");
        Assert.Equal(0, wrong);
    }

    [Theory, MemberData(nameof(Plain))]
    public void IdleMachinesAreTicked(Transport transport)
    {
        using var test = new TestLoop(transport);
        var batches = test.Probe.Read(() => test.Server.Batches);
        test.Probe.Until(() => test.Server.Batches >= batches + 5, "five batches went by without input");
    }

    [Theory, MemberData(nameof(Plain))]
    public void AnExceptionOutsideOfInputEndsTheLoop(Transport transport)
    {
        var logger = new RecordingLogger();
        using var loop = new EventLoop(logger, transport == Transport.Epoll ? LoopBackend.Epoll : LoopBackend.Sockets);
        loop.Post(() => throw new InvalidOperationException("as asked for"));
        Assert.Throws<InvalidOperationException>(loop.Run);
        Assert.Contains(logger.Lines, l => l.Level == Microsoft.Extensions.Logging.LogLevel.Critical);
    }

    [Theory, MemberData(nameof(Plain))]
    public void StopBeforeRunIsKept(Transport transport)
    {
        using var loop = new EventLoop(new RecordingLogger(), transport == Transport.Epoll ? LoopBackend.Epoll : LoopBackend.Sockets);
        loop.Stop();
        loop.Run();
        loop.Post(() => Assert.Fail("the loop has ended"));
    }

    [Theory, MemberData(nameof(Plain))]
    public void MachinesThatTalkForEverDoNotStarveSockets(Transport transport)
    {
        using var test = new TestLoop(transport);
        var pinger = new Pinger();
        test.Do(() =>
        {
            test.Loop.Add(pinger);
            test.Loop.Listen(test.Server, new ListenOptions("memory:server"));
            test.Loop.Connect(pinger, new PeerAddress("memory:server"));
        });
        test.Probe.Until(() => pinger.Replies > 100, "they talk");
        var (client, channel) = test.Connect();
        test.Send(channel, "one\n"u8.ToArray());
        test.Probe.Until(() => client.Text == "one\n", "the socket was served");
        var replies = pinger.Replies;
        test.Probe.Until(() => pinger.Replies > replies + 100, "they still talk");
    }

    /// <summary>Writes the next line when the last one came back, and only at a batch's end.</summary>
    private sealed class Pinger : IStateMachine
    {
        private Channel? _channel;
        private bool _isDue;
        private int _replies;

        public int Replies => Volatile.Read(ref _replies);

        public bool IsDrained => true;

        public void BeginBatch(long unixMs, long monotonicMs)
        {
        }

        public void Accepted(Channel channel) => Assert.Fail("nobody was expected");

        public void Opened(Channel channel)
        {
            _channel = channel;
            _isDue = true;
        }

        public int Received(Channel channel, ReadOnlySpan<byte> bytes)
        {
            _isDue = true;
            Interlocked.Increment(ref _replies);
            return bytes.Length;
        }

        public void Closed(Channel channel, string reason)
        {
        }

        public void EndBatch()
        {
            if (_isDue)
                _channel!.Output.Write("ping\n"u8);
            _isDue = false;
        }

        public void BeginDrain()
        {
        }
    }
}
