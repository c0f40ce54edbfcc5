using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SuperMassive.Benchmarks.Memory;

/// <summary>
/// A client with one command under way, four GETs to one PUT, that notes how long each took. It allocates nothing meanwhile, so that no
/// collection of its own is taken for a pause of the server's.
/// </summary>
internal sealed class Bystander : IDisposable
{
    private const int KeyDigits = 10;
    private const int ExpectedReplies = 1 << 20;

    private readonly LoadConnection _connection;
    private readonly byte[] _get = Encoding.ASCII.GetBytes($"GET {LoadConnection.KeyOf(0)}\r\n");
    private readonly byte[] _put;
    private readonly int _valueLines;
    private readonly List<Reply> _replies = new(ExpectedReplies);

    /// <param name="connection">Becomes this object's own.</param>
    public Bystander(LoadConnection connection)
    {
        _connection = connection;
        _put = Encoding.ASCII.GetBytes(connection.WriteOf(0));
        _valueLines = connection.LinesOfValue;
    }

    public IReadOnlyList<Reply> Replies => _replies;

    public void Dispose() => _connection.Dispose();

    /// <exception cref="IOException">The server answered with an error, or closed the connection.</exception>
    public void RunUntil(int keys, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var isPut = number % 5 == 4;
            var command = isPut ? _put : _get;
            // both verbs have three letters
            Utf8Formatter.TryFormat(random.Next(keys), command.AsSpan("GET key:".Length, KeyDigits), out _, new('D', KeyDigits));
            var begun = Stopwatch.GetTimestamp();
            _connection.Exchange(command, isPut ? 1 : _valueLines);
            var ended = Stopwatch.GetTimestamp();
            _replies.Add(new Reply(ended, ended - begun));
        }
    }

    /// <param name="EndedAt">By <see cref="Stopwatch"/>, as its duration.</param>
    internal readonly record struct Reply(long EndedAt, long Ticks);
}
