using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SuperMassive.Core;
using SuperMassive.Server.Loop;

namespace SuperMassive.Server.Tests.Loop;

public enum Transport
{
    Epoll,
    Sockets,
    TlsOnEpoll,
    TlsOnSockets,
    Memory,
}

/// <summary>A loop on its own thread with a <see cref="LineServer"/> that listens.</summary>
internal sealed class TestLoop : IDisposable
{
    private readonly Transport _transport;
    private readonly TestCertificates? _ownCertificates;

    public TestLoop(
        Transport transport,
        LineServer? server = null,
        Limits? limits = null,
        bool gated = false,
        TestCertificates? certificates = null)
    {
        _transport = transport;
        if (UsesTls && certificates is null)
            _ownCertificates = new TestCertificates();
        Certificates = certificates ?? _ownCertificates;
        Server = server ?? new LineServer();
        Loop = new EventLoop(Logger, transport is Transport.Sockets or Transport.TlsOnSockets ? LoopBackend.Sockets : LoopBackend.Epoll);
        Loop.Add(Server);
        var options = new ListenOptions(transport == Transport.Memory ? "memory:server" : "127.0.0.1:0")
        {
            Tls = UsesTls ? TlsServerOptions.Load(Certificates!.CertFile, Certificates.KeyFile) : null,
            Limits = limits ?? new Limits(),
            Gated = gated,
            BufferBytes = 64,
        };
        Listener = Loop.Listen(Server, options);
        Address = transport == Transport.Memory
            ? options.Address
            : string.Create(CultureInfo.InvariantCulture, $"{(UsesTls ? "localhost" : "127.0.0.1")}:{Listener.EndPoint.Port}");
        Thread = Loop.Start("test loop");
    }

    public EventLoop Loop { get; }

    public LineServer Server { get; }

    public Probe Probe => Server.Probe;

    public Listener Listener { get; }

    public string Address { get; }

    public Thread Thread { get; }

    public TestCertificates? Certificates { get; }

    public RecordingLogger Logger { get; } = new();

    public PeerAddress Peer => new(Address) { UseTls = UsesTls, CaCertFile = Certificates?.CaFile ?? "" };

    private bool UsesTls => _transport is Transport.TlsOnEpoll or Transport.TlsOnSockets;

    public (LineClient Client, Channel Channel) Connect(PeerAddress? peer = null)
    {
        var client = new LineClient(Probe);
        var channel = Ask(() =>
        {
            Loop.Add(client);
            return Loop.Connect(client, peer ?? Peer);
        });
        return (client, channel);
    }

    /// <summary>A blocking socket; one that waits in vain fails its test.</summary>
    public Socket ConnectPlain()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = 60_000,
            SendTimeout = 60_000,
        };
        client.Connect(IPAddress.Loopback, Listener.EndPoint.Port);
        return client;
    }

    /// <summary>Runs on the loop, and waits for it.</summary>
    public void Do(Action action) => Ask(() =>
    {
        action();
        return true;
    });

    public T Ask<T>(Func<T> ask)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Loop.Post(() =>
        {
            try
            {
                done.SetResult(ask());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task.WaitAsync(TimeSpan.FromSeconds(60)).GetAwaiter().GetResult();
    }

    public void Send(Channel channel, ReadOnlyMemory<byte> bytes) => Do(() => channel.Output.Write(bytes.Span));

    public void Dispose()
    {
        Loop.Dispose();
        _ownCertificates?.Dispose();
    }
}

internal sealed class RecordingLogger : ILogger
{
    public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> format) =>
        Lines.Enqueue((level, format(state, exception)));
}
