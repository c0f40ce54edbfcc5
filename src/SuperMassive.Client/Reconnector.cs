namespace SuperMassive.Client;

/// <summary>Holds the one live connection and replaces it when it is lost, with back-off and jitter.</summary>
internal sealed class Reconnector : IAsyncDisposable
{
    private readonly SuperMassiveClientOptions _options;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource<Connection> _next = NewPromise();
    private volatile Connection _current;
    private Exception? _lastFailure;
    private Task _running = Task.CompletedTask;

    private Reconnector(SuperMassiveClientOptions options, Connection first)
    {
        _options = options;
        _current = first;
    }

    public bool IsConnected => !_current.IsLost;

    public static async ValueTask<Reconnector> StartAsync(SuperMassiveClientOptions options, CancellationToken cancellationToken)
    {
        var first = await Connection.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        var reconnector = new Reconnector(options, first);
        reconnector._running = reconnector.RunAsync();
        return reconnector;
    }

    public async ValueTask<Reply> ExecuteAsync(Request request, CancellationToken cancellationToken)
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, typeof(SuperMassiveClient));
            var connection = _current;
            var pending = connection.IsLost ? null : await connection.TrySendAsync(request, cancellationToken).ConfigureAwait(false);
            if (pending is not null)
                return await pending.WaitAsync(cancellationToken).ConfigureAwait(false);
            await NextConnectionAsync(connection, request.Verb, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the lost connection has been replaced; nothing was sent, so failing here leaves no doubt.</summary>
    private async Task NextConnectionAsync(Connection lost, Verb verb, CancellationToken cancellationToken)
    {
        Task<Connection> next;
        lock (_gate)
        {
            if (_current != lost)
                return;
            next = _next.Task;
        }
        try
        {
            await next.WaitAsync(_options.CommandTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            var failure = Volatile.Read(ref _lastFailure);
            var why = failure is null ? "" : $": {failure.Message}";
            throw new SuperMassiveConnectionException($"{verb.Name}: not sent, no connection to {_options.Address}{why}", inner: failure);
        }
    }

    private async Task RunAsync()
    {
        var attempt = 0;
        try
        {
            while (true)
            {
                var openedAt = _options.TimeProvider.GetTimestamp();
                await _current.Lost.WaitAsync(_stopping.Token).ConfigureAwait(false);
                // a cluster that accepts and hangs up at once must not be hammered
                if (_options.TimeProvider.GetElapsedTime(openedAt) >= _options.MaxReconnectBackoff)
                    attempt = 0;
                Publish(await ReopenAsync(attempt).ConfigureAwait(false));
                attempt++;
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            FailWaiting(new ObjectDisposedException(nameof(SuperMassiveClient)), final: true);
        }
    }

    private async Task<Connection> ReopenAsync(int attempt)
    {
        while (true)
        {
            var pause = Backoff.Pause(attempt++, _options.MaxReconnectBackoff, Random.Shared.NextDouble());
            await Task.Delay(pause, _options.TimeProvider, _stopping.Token).ConfigureAwait(false);
            try
            {
                return await Connection.OpenAsync(_options, _stopping.Token).ConfigureAwait(false);
            }
            catch (SuperMassiveServerException refused)
            {
                // waiting longer does not make credentials right: tell those who wait, then try again in case they are made right
                FailWaiting(refused, final: false);
            }
            catch (SuperMassiveException failure)
            {
                Volatile.Write(ref _lastFailure, failure);
            }
        }
    }

    private void Publish(Connection connection)
    {
        TaskCompletionSource<Connection> reached;
        lock (_gate)
        {
            _current = connection;
            reached = _next;
            _next = NewPromise();
        }
        reached.TrySetResult(connection);
    }

    private void FailWaiting(Exception exception, bool final)
    {
        TaskCompletionSource<Connection> failed;
        lock (_gate)
        {
            failed = _next;
            if (!final)
                _next = NewPromise();
        }
        failed.TrySetException(exception);
        _ = failed.Task.Exception; // nobody may be waiting, which is no unobserved error
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        await _current.DisposeAsync().ConfigureAwait(false);
    }

    private static TaskCompletionSource<Connection> NewPromise() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
