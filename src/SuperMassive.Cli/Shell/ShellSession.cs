using SuperMassive.Client;

namespace SuperMassive.Cli.Shell;

internal enum Outcome
{
    Ok,
    Error,

    /// <summary>No reply came.</summary>
    Lost,

    /// <summary>QUIT was answered.</summary>
    Ended,
}

/// <summary>Sends lines as typed and shows their replies; makes the connection anew when it is lost, and says so.</summary>
internal sealed class ShellSession(SuperMassiveClientOptions options, IShellOutput output) : IAsyncDisposable
{
    private const int ConnectAttempts = 5;
    private LineConnection? _connection;
    private byte[]? _auth = options.Username.Length > 0 ? CommandLine.Auth(options.Username, options.Password) : null;

    /// <summary>Connects and authenticates.</summary>
    /// <exception cref="SuperMassiveException">Not reached, or the credentials were refused.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = await LineConnection.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        try
        {
            if (_auth is not null)
                await AuthenticateAsync(connection, _auth, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            if (e is not IOException)
                throw;
            throw new SuperMassiveConnectionException($"AUTH: connection to {options.Address} lost: {e.Message}", inner: e);
        }
        _connection = connection;
    }

    /// <summary>
    /// Sends one line and shows its reply. Cancelling gives up the connection, because the reply would answer the next line.
    /// </summary>
    /// <exception cref="SuperMassiveException">A lost connection could not be made anew; nothing was sent.</exception>
    public async Task<Outcome> ExecuteAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        if (CommandLine.IsOtherFraming(line.Span))
        {
            output.ReplyLine("ERR a line beginning with '*' is RESP framing, which this shell does not speak"u8, isError: true);
            return Outcome.Error;
        }
        var connection = await LiveConnectionAsync(cancellationToken).ConfigureAwait(false);
        var verb = CommandLine.Verb(line.Span);
        try
        {
            await connection.SendAsync(line, cancellationToken).ConfigureAwait(false);
            var outcome = await ShowReplyAsync(connection, verb, cancellationToken).ConfigureAwait(false);
            if (outcome == Outcome.Lost)
                await DropAsync($"connection to {options.Address} lost{Doubt(verb)}").ConfigureAwait(false);
            else if (outcome == Outcome.Ok && verb == "AUTH")
                _auth = line.ToArray(); // typed by hand: to be repeated after a loss
            return outcome;
        }
        catch (OperationCanceledException)
        {
            await DropAsync($"cancelled{Doubt(verb)}").ConfigureAwait(false);
            return Outcome.Lost;
        }
        catch (IOException e)
        {
            await DropAsync($"connection to {options.Address} lost: {e.Message}{Doubt(verb)}").ConfigureAwait(false);
            return Outcome.Lost;
        }
    }

    private async Task<Outcome> ShowReplyAsync(LineConnection connection, string verb, CancellationToken cancellationToken)
    {
        var end = new ReplyEnd(verb);
        var outcome = verb == "QUIT" ? Outcome.Ended : Outcome.Ok;
        var isFirst = true;
        while (await connection.ReadAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            // only the first line says how it went; a scanned key may well be called ERR
            if (isFirst && CommandLine.IsError(line))
                outcome = Outcome.Error;
            var isLast = end.IsReachedBy(line);
            output.ReplyLine(line, isError: isFirst && outcome == Outcome.Error);
            if (isLast)
                return outcome;
            isFirst = false;
        }
        return Outcome.Lost;
    }

    private async Task<LineConnection> LiveConnectionAsync(CancellationToken cancellationToken)
    {
        while (_connection is not null && _connection.TryReadStray(out var stray))
            output.ReplyLine(stray, isError: false);
        if (_connection is { IsLost: false })
            return _connection;
        if (_connection is not null)
            await DropAsync($"connection to {options.Address} lost").ConfigureAwait(false);
        await ReconnectAsync(cancellationToken).ConfigureAwait(false);
        return _connection!;
    }

    private async Task ReconnectAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await ConnectAsync(cancellationToken).ConfigureAwait(false);
                output.Notice($"reconnected to {options.Address}");
                return;
            }
            catch (SuperMassiveConnectionException) when (attempt + 1 < ConnectAttempts)
            {
                var pause = Backoff.Pause(attempt + 1, options.MaxReconnectBackoff, Random.Shared.NextDouble());
                await Task.Delay(pause, options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task AuthenticateAsync(LineConnection connection, byte[] auth, CancellationToken cancellationToken)
    {
        await connection.SendAsync(auth, cancellationToken).ConfigureAwait(false);
        var reply = await connection.ReadAsync(cancellationToken).AsTask()
            .WaitAsync(options.ConnectTimeout, options.TimeProvider, cancellationToken).ConfigureAwait(false)
            ?? throw new IOException("closed by the cluster");
        if (CommandLine.IsError(reply))
            throw new SuperMassiveServerException(System.Text.Encoding.UTF8.GetString(reply));
    }

    private async Task DropAsync(string notice)
    {
        if (_connection is not null)
            await _connection.DisposeAsync().ConfigureAwait(false);
        _connection = null;
        output.Notice(notice);
    }

    private static string Doubt(string verb) => CommandLine.Mutates(verb) ? $"; {verb} may or may not have been carried out" : "";

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync().ConfigureAwait(false);
    }
}
