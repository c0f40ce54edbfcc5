using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SuperMassive.Benchmarks.Memory;

/// <summary>A blocking connection that speaks lines, or RESP to Redis, and counts replies: a client that costs little itself.</summary>
internal sealed class LoadConnection : IDisposable
{
    private const int Depth = 256;

    private static readonly string Value = new('v', 64);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _received = new byte[64 << 10];
    private readonly bool _isRedis;

    public LoadConnection(int port, string login, bool isRedis)
    {
        _isRedis = isRedis;
        _socket.Connect(IPAddress.Loopback, port);
        if (login.Length > 0)
            Exchange($"AUTH {login}\r\n", 1);
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Writes keys of 14 bytes with values of 64, pipelined.</summary>
    public void Fill(int from, int to)
    {
        var text = new StringBuilder();
        while (from < to)
        {
            text.Clear();
            var count = Math.Min(Depth, to - from);
            for (var i = 0; i < count; i++, from++)
                text.Append(WriteOf(from));
            Exchange(text.ToString(), count);
        }
    }

    /// <summary>Reads one key at a time until told to stop.</summary>
    /// <returns>How long each took, in microseconds.</returns>
    public List<double> ReadUntil(int keys, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        List<double> durationsUs = [];
        while (!stop.IsCancellationRequested)
        {
            var begun = Stopwatch.GetTimestamp();
            Exchange($"GET {KeyOf(random.Next(keys))}\r\n", LinesOfValue);
            durationsUs.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds);
        }
        return durationsUs;
    }

    /// <returns>The first line of the reply.</returns>
    public string Ask(string line) => Exchange(line + "\r\n", 1);

    /// <summary>Asks for what is answered in several lines.</summary>
    /// <returns>The beginning of the reply.</returns>
    public string Ask(string line, int replyLines) => Exchange(line + "\r\n", replyLines);

    public static string KeyOf(int number) => $"key:{number:D10}";

    /// <summary>The command that writes a key, with its line's end.</summary>
    public string WriteOf(int number) => $"{(_isRedis ? "SET" : "PUT")} {KeyOf(number)} {Value}\r\n";

    /// <summary>In how many lines a GET is answered: Redis says a value's length before it.</summary>
    public int LinesOfValue => _isRedis ? 2 : 1;

    /// <summary>Sends commands and takes their replies, allocating nothing.</summary>
    /// <exception cref="IOException">An error was answered, or the connection was closed.</exception>
    public void Exchange(ReadOnlySpan<byte> commands, int replyLines)
    {
        _socket.Send(commands);
        var isFirst = true;
        for (var lines = 0; lines < replyLines;)
        {
            var count = _socket.Receive(_received);
            if (count == 0)
                throw new IOException("the server closed the connection");
            var bytes = _received.AsSpan(0, count);
            if (isFirst && (bytes[0] == '-' || bytes.StartsWith("ERR"u8)))
                throw new IOException($"the server answered {Encoding.ASCII.GetString(bytes).TrimEnd()}");
            isFirst = false;
            lines += bytes.Count((byte)'\n');
        }
    }

    private string Exchange(string commands, int replyLines)
    {
        _socket.Send(Encoding.ASCII.GetBytes(commands));
        var first = "";
        for (var lines = 0; lines < replyLines;)
        {
            var count = _socket.Receive(_received);
            if (count == 0)
                throw new IOException("the server closed the connection");
            var bytes = _received.AsSpan(0, count);
            if (first.Length == 0)
                first = Encoding.ASCII.GetString(bytes[..Math.Min(count, 128)]);
            lines += bytes.Count((byte)'\n');
        }
        if (first.StartsWith("ERR", StringComparison.Ordinal) || first.StartsWith('-'))
            throw new IOException($"the server answered {first.TrimEnd()}");
        return first;
    }
}
