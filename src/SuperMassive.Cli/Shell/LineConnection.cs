using System.Threading.Channels;
using SuperMassive.Client;

namespace SuperMassive.Cli.Shell;

/// <summary>
/// A connection that speaks the line protocol, one command at a time. Reading goes on between commands, so that a loss shows.
/// </summary>
internal sealed class LineConnection : IAsyncDisposable
{
    private const int ReadAheadLines = 1_024;
    private readonly Stream _stream;
    private readonly CancellationTokenSource _closing = new();

    private readonly Channel<byte[]> _lines = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(ReadAheadLines) { SingleReader = true, SingleWriter = true });

    private readonly Task _receiving;

    private LineConnection(Stream stream)
    {
        _stream = stream;
        _receiving = ReceiveAsync();
    }

    /// <summary>The cluster hung up, or the path to it broke, and all it sent before has been read.</summary>
    public bool IsLost => _lines.Reader.Completion.IsCompleted;

    /// <exception cref="SuperMassiveConnectionException">The cluster is not reached.</exception>
    public static async Task<LineConnection> OpenAsync(SuperMassiveClientOptions options, CancellationToken cancellationToken) =>
        new(await Transport.OpenAsync(options, cancellationToken).ConfigureAwait(false));

    /// <exception cref="IOException">The connection is lost.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        var bytes = new byte[line.Length + 2];
        line.CopyTo(bytes);
        "\r\n"u8.CopyTo(bytes.AsSpan(line.Length));
        await _stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The next line, or null when the connection is lost.</summary>
    public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await _lines.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_lines.Reader.TryRead(out var line))
                return line;
        }
        return null;
    }

    /// <summary>A line that has come though nothing is asked: the rest of a value that holds line ends.</summary>
    public bool TryReadStray(out byte[]? line) => _lines.Reader.TryRead(out line);

    private async Task ReceiveAsync()
    {
        var splitter = new LineSplitter();
        try
        {
            while (await _stream.ReadAsync(splitter.GetMemory(), _closing.Token).ConfigureAwait(false) is > 0 and var count)
            {
                splitter.Advance(count);
                while (splitter.TryRead(out var line))
                    await _lines.Writer.WriteAsync(line, _closing.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // a loss is reported as the end of the lines: whoever waits for one knows what it was for
        }
        finally
        {
            _lines.Writer.TryComplete();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
        _closing.Dispose();
    }
}
