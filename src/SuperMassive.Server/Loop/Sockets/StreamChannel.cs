using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;

namespace SuperMassive.Server.Loop.Sockets;

/// <summary>
/// A TCP or TLS connection on .NET's streams: at most one read and one write are under way, and their outcomes are posted to
/// the loop, where all of the channel's state lives.
/// </summary>
internal sealed class StreamChannel : LoopChannel
{
    private const int ReadBytes = 64 << 10;
    private const int WriteBytes = 128 << 10;

    private readonly int _bufferBytes;
    private readonly CancellationTokenSource _connecting = new();
    private readonly Action _onRead;
    private readonly Action _onWritten;
    private Socket? _socket;
    private Stream? _stream;
    private bool _isReading;
    private bool _isWriting;
    private bool _hasInputEnded;

    // written by the pool before it posts, read by the loop afterwards
    private byte[] _readBuffer = [];
    private int _readCount;
    private Exception? _readFailure;
    private Exception? _writeFailure;

    private StreamChannel(ChannelPlan plan)
        : base(plan)
    {
        _bufferBytes = plan.BufferBytes;
        _onRead = OnRead;
        _onWritten = OnWritten;
    }

    public static void Accept(ChannelPlan plan, Socket socket, ListenOptions options)
    {
        var channel = new StreamChannel(plan) { _socket = socket };
        var stream = new NetworkStream(socket, ownsSocket: true);
        if (options.Tls is not { } tls)
        {
            channel.OnReady(socket, stream);
            return;
        }
        channel.SetDeadline(options.Limits.UnauthenticatedMs);
        _ = channel.HandshakeAsync(stream, tls);
    }

    public static StreamChannel Connect(ChannelPlan plan)
    {
        var channel = new StreamChannel(plan);
        channel.SetDeadline(plan.Target!.ConnectTimeoutMs);
        _ = Task.Run(channel.ConnectAsync);
        return channel;
    }

    protected override void Send()
    {
        var bytes = Buffer.Sendable;
        if (_isWriting || bytes.IsEmpty)
        {
            AfterSend(progressed: false, _isWriting);
            return;
        }
        var count = Math.Min(bytes.Length, WriteBytes);
        var copy = ArrayPool<byte>.Shared.Rent(count);
        bytes[..count].CopyTo(copy);
        Buffer.MarkSent(count);
        _isWriting = true;
        _ = WriteAsync(_stream!, copy, count);
        AfterSend(progressed: true, isBlocked: true);
    }

    protected override void OnScheduled()
    {
        if (State != ChannelState.Open || IsHeld)
            return;
        if (Input.Count > 0)
            DeliverInput();
        BeginRead();
    }

    protected override void OnClosing() => BeginRead();

    protected override bool EndSending()
    {
        _ = EndSendingAsync(_socket!, _stream!);
        return true;
    }

    protected override void Release(bool reset)
    {
        // a read and a write that are under way end by it
        _connecting.Cancel();
        if (_socket is not { } socket)
            return;
        if (reset && _stream is not null)
            socket.Close(timeout: 0);
        socket.Dispose();
        _stream?.Dispose();
    }

    private async Task ConnectAsync()
    {
        try
        {
            var (socket, stream) = await StreamConnector.OpenAsync(Target!, _connecting.Token).ConfigureAwait(false);
            Loop.Post(() => OnReady(socket, stream));
        }
        catch (Exception e)
        {
            Loop.Post(() => Lose(Reasons.Of(e)));
        }
    }

    private async Task HandshakeAsync(Stream inner, TlsServerOptions options)
    {
        var tls = new SslStream(inner, leaveInnerStreamOpen: false);
        try
        {
            var authentication = new SslServerAuthenticationOptions { ServerCertificateContext = options.Certificate };
            await tls.AuthenticateAsServerAsync(authentication, _connecting.Token).ConfigureAwait(false);
            Loop.Post(() => OnReady(_socket!, tls));
        }
        catch (Exception e)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            Loop.Post(() => Lose(Reasons.Of(e)));
        }
    }

    private void OnReady(Socket socket, Stream stream)
    {
        if (State != ChannelState.Connecting)
        {
            // given up meanwhile
            stream.Dispose();
            return;
        }
        _socket = socket;
        _stream = stream;
        BecomeOpen();
        BeginRead();
    }

    private void BeginRead()
    {
        var wantsMore = State is ChannelState.Closing or ChannelState.Draining || (State == ChannelState.Open && !IsHeld);
        if (_isReading || _hasInputEnded || !wantsMore)
            return;
        _isReading = true;
        _ = ReadAsync(_stream!);
    }

    private async Task ReadAsync(Stream stream)
    {
        try
        {
            // waits without a buffer: an idle connection holds none
            await stream.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false);
            _readBuffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
            _readCount = await stream.ReadAsync(_readBuffer).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _readFailure = e;
        }
        Loop.Post(_onRead);
    }

    private void OnRead()
    {
        var buffer = _readBuffer;
        _readBuffer = [];
        _isReading = false;
        if (State != ChannelState.Closed)
        {
            if (_readFailure is { } failure)
                Lose(Reasons.Of(failure));
            else if (_readCount == 0)
                OnEnd();
            else if (State == ChannelState.Open)
                Take(buffer.AsSpan(0, _readCount));
        }
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        BeginRead();
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (IsHeld || Input.Count > 0)
        {
            Input.Append(bytes, _bufferBytes);
            if (!IsHeld)
                DeliverInput();
            return;
        }
        var consumed = Deliver(bytes);
        if (State == ChannelState.Open)
            Input.Append(bytes[consumed..], _bufferBytes);
    }

    private void OnEnd()
    {
        _hasInputEnded = true;
        if (State == ChannelState.Draining)
            Finish(reset: false);
        else if (State == ChannelState.Open)
            EndInput();
    }

    private async Task WriteAsync(Stream stream, byte[] bytes, int count)
    {
        try
        {
            await stream.WriteAsync(bytes.AsMemory(0, count)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _writeFailure = e;
        }
        ArrayPool<byte>.Shared.Return(bytes);
        Loop.Post(_onWritten);
    }

    private void OnWritten()
    {
        _isWriting = false;
        if (_writeFailure is { } failure)
            Lose(Reasons.Of(failure));
        else if (State is ChannelState.Open or ChannelState.Closing)
            Send();
    }

    private async Task EndSendingAsync(Socket socket, Stream stream)
    {
        try
        {
            if (stream is SslStream tls)
                await tls.ShutdownAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // OpenSSL refuses while a session ticket is being read, for one; the end of the TCP stream is as good a farewell
            Log.FarewellFailed(Loop.Logger, Peer, e.Message);
        }
        Loop.Post(() => OnFarewell(socket));
    }

    private void OnFarewell(Socket socket)
    {
        if (State == ChannelState.Closed)
            return;
        if (_hasInputEnded)
        {
            Finish(reset: false);
            return;
        }
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException e)
        {
            Lose(Reasons.Of(e));
        }
    }
}
