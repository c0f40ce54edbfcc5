namespace SuperMassive.Client;

/// <summary>
/// One live connection: a sender that sends all commands issued since its last send at once, and a receiver that matches replies
/// first-in-first-out. Any doubt about the stream ends it, and fails what is in flight.
/// </summary>
internal sealed class Connection : IAsyncDisposable
{
    private readonly SuperMassiveClientOptions _options;
    private readonly Stream _stream;
    private readonly Lock _gate = new();
    private readonly Queue<PendingReply> _pending = new();
    private readonly SemaphoreSlim _sendable = new(0);
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _timeouts;
    private SendBuffer _unsent = new();
    private bool _senderIdle = true;
    private TaskCompletionSource? _room;
    private long _receivedAt;
    private Task _sending = Task.CompletedTask, _receiving = Task.CompletedTask;

    private Connection(SuperMassiveClientOptions options, Stream stream)
    {
        _options = options;
        _stream = stream;
        _receivedAt = options.TimeProvider.GetTimestamp();
        var period = options.CommandTimeout / 8;
        _timeouts = options.TimeProvider.CreateTimer(static self => ((Connection)self!).ExpirePending(), this, period, period);
    }

    /// <summary>Completes, never with an error, once the connection is of no more use.</summary>
    public Task Lost => _lost.Task;

    public bool IsLost => _lost.Task.IsCompleted;

    /// <summary>Why it was lost; to be read once it is.</summary>
    public string LossReason { get; private set; } = "";

    /// <summary>Connects and authenticates.</summary>
    /// <exception cref="SuperMassiveConnectionException">The cluster is not reached, or hangs up.</exception>
    /// <exception cref="SuperMassiveServerException">The cluster refuses the credentials.</exception>
    public static async Task<Connection> OpenAsync(SuperMassiveClientOptions options, CancellationToken cancellationToken)
    {
        var connection = new Connection(options, await Transport.OpenAsync(options, cancellationToken).ConfigureAwait(false));
        connection._sending = connection.SendAsync();
        connection._receiving = connection.ReceiveAsync();
        try
        {
            if (options.Username.Length > 0)
                await Authentication.RunAsync(connection, options, cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Queues a command, after waiting for room if too much is under way.</summary>
    /// <returns>Null when the connection is lost and nothing was sent.</returns>
    public async ValueTask<PendingReply?> TrySendAsync(Request request, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (IsLost)
                    return null;
                if (_pending.Count < _options.MaxInFlight && _unsent.Length < _options.MaxUnsentBytes)
                    return Queue(request);
                room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            try
            {
                await room.WaitAsync(_options.CommandTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException e)
            {
                throw new SuperMassiveTimeoutException(
                    $"{request.Verb.Name}: not sent, {_options.Address} is behind with {_options.MaxInFlight} commands", inner: e);
            }
        }
    }

    private PendingReply Queue(in Request request)
    {
        request.WriteTo(_unsent);
        var pending = new PendingReply(request.Verb, _options.TimeProvider.GetTimestamp());
        _pending.Enqueue(pending);
        if (_senderIdle)
        {
            _senderIdle = false;
            _sendable.Release();
        }
        return pending;
    }

    private async Task SendAsync()
    {
        var sending = new SendBuffer();
        try
        {
            while (true)
            {
                await _sendable.WaitAsync(_closing.Token).ConfigureAwait(false);
                while (TakeUnsent(ref sending))
                    await _stream.WriteAsync(sending.Written, _closing.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            // whatever ended the loop, no caller may go on waiting for it
            Lose($"sending failed: {e.Message}", e);
        }
    }

    private bool TakeUnsent(ref SendBuffer sent)
    {
        sent.Clear();
        lock (_gate)
        {
            (_unsent, sent) = (sent, _unsent);
            _senderIdle = sent.Length == 0;
            ReleaseRoom();
            return !_senderIdle;
        }
    }

    private async Task ReceiveAsync()
    {
        var reader = new ReplyReader();
        try
        {
            while (await _stream.ReadAsync(reader.GetMemory(), _closing.Token).ConfigureAwait(false) is > 0 and var count)
            {
                Volatile.Write(ref _receivedAt, _options.TimeProvider.GetTimestamp());
                reader.Advance(count);
                while (reader.TryRead(out var reply))
                    Match(reply);
            }
            Lose("the cluster closed the connection", null);
        }
        catch (InvalidDataException e)
        {
            Lose($"protocol violation: {e.Message}", e);
        }
        catch (Exception e)
        {
            // as above
            Lose($"receiving failed: {e.Message}", e);
        }
    }

    private void Match(in Reply reply)
    {
        PendingReply? pending;
        lock (_gate)
        {
            if (_pending.TryDequeue(out pending))
                ReleaseRoom();
        }
        // the cluster may say why it hangs up before it was asked anything; that too is not a reply to what is sent next
        if (pending is null)
            throw new InvalidDataException($"a reply to no command, '{reply.Text}'");
        pending.TrySetResult(reply);
    }

    /// <summary>Half of the room must be free before the waiting are woken, or each reply would wake them all.</summary>
    private void ReleaseRoom()
    {
        if (_room is null || _pending.Count > _options.MaxInFlight / 2 || _unsent.Length >= _options.MaxUnsentBytes)
            return;
        _room.TrySetResult();
        _room = null;
    }

    private void ExpirePending()
    {
        var now = _options.TimeProvider.GetTimestamp();
        var isSilent = false;
        lock (_gate)
        {
            foreach (var pending in _pending)
            {
                if (_options.TimeProvider.GetElapsedTime(pending.SentAt, now) < _options.CommandTimeout)
                    break;
                isSilent = _options.TimeProvider.GetElapsedTime(Volatile.Read(ref _receivedAt), now) >= _options.CommandTimeout;
                pending.TrySetException(new SuperMassiveTimeoutException(
                    $"{pending.Verb.Name}: no reply from {_options.Address} within {_options.CommandTimeout.TotalMilliseconds:0} ms"
                        + Doubt(pending.Verb), pending.Verb.Mutates));
            }
        }
        // a cluster that is merely slow still sends something; silence means the path is dead, and TCP would take minutes to notice
        if (isSilent)
            Lose($"nothing was received for {_options.CommandTimeout.TotalMilliseconds:0} ms", null);
    }

    private void Lose(string why, Exception? cause)
    {
        PendingReply[] inFlight;
        lock (_gate)
        {
            if (IsLost)
                return;
            LossReason = why;
            _lost.SetResult();
            inFlight = [.. _pending];
            _pending.Clear();
            _room?.TrySetResult();
        }
        _timeouts.Dispose();
        _closing.Cancel();
        _stream.Dispose();
        foreach (var pending in inFlight)
        {
            pending.TrySetException(new SuperMassiveConnectionException(
                $"{pending.Verb.Name}: connection to {_options.Address} lost, {why}{Doubt(pending.Verb)}", pending.Verb.Mutates, cause));
            _ = pending.Task.Exception; // its caller may have gone
        }
    }

    private static string Doubt(Verb verb) => verb.Mutates ? "; it may or may not have been carried out" : "";

    public async ValueTask DisposeAsync()
    {
        Lose("the client was disposed", null);
        await Task.WhenAll(_sending, _receiving).ConfigureAwait(false);
    }
}
