using System.Net.Sockets;
using System.Text;
using SuperMassive.Server.Configuration;
using Xunit.Sdk;

namespace SuperMassive.SystemTests.Support;

/// <summary>A socket, and nothing that could correct what goes over it. Text stands for bytes, one character each.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Socket _socket;

    private RawConnection(Socket socket) => _socket = socket;

    public static async Task<RawConnection> OpenAsync(string address)
    {
        var endpoint = HostPort.Parse(address);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endpoint.Host, endpoint.Port);
        return new RawConnection(socket);
    }

    /// <summary>Connected to the cluster, not authenticated.</summary>
    public static Task<RawConnection> OpenAsync(ITopology topology) => OpenAsync(topology.Plan.Cluster.Address);

    /// <summary>Connected to the cluster and authenticated.</summary>
    public static async Task<RawConnection> AuthenticatedAsync(ITopology topology)
    {
        var connection = await OpenAsync(topology);
        await connection.AskAsync(Auth(topology.Secrets.Username, topology.Secrets.Password), "OK authenticated\r\n");
        return connection;
    }

    public static string Auth(string username, string password, string separator = "\\0") =>
        $"AUTH {Convert.ToBase64String(Encoding.UTF8.GetBytes(username + separator + password))}\r\n";

    /// <summary>A command as RESP array.</summary>
    public static string Resp(params string[] words) =>
        $"*{words.Length}\r\n{string.Concat(words.Select(word => $"${word.Length}\r\n{word}\r\n"))}";

    public async Task SendAsync(string text)
    {
        using var limit = new CancellationTokenSource(Limit);
        ReadOnlyMemory<byte> bytes = Encoding.Latin1.GetBytes(text);
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes, limit.Token)..];
    }

    /// <summary>Sends, and requires exactly that answer.</summary>
    public async Task AskAsync(string text, string expected)
    {
        await SendAsync(text);
        await ExpectAsync(expected);
    }

    /// <summary>Requires that the next bytes are these.</summary>
    public async Task ExpectAsync(string expected)
    {
        var wanted = Encoding.Latin1.GetBytes(expected);
        var received = new byte[wanted.Length];
        var count = 0;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            while (count < received.Length && received.AsSpan(0, count).SequenceEqual(wanted.AsSpan(0, count))
                && await _socket.ReceiveAsync(received.AsMemory(count), limit.Token) is > 0 and var read)
                count += read;
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException)
        {
            throw new XunitException(
                $"expected {Shown(expected)}, got {Shown(Encoding.Latin1.GetString(received, 0, count))} and then: {failure.Message}");
        }
        var got = Encoding.Latin1.GetString(received, 0, count);
        Assert.Equal(got == expected[..count] ? expected : expected[..count], got);
    }

    /// <summary>Requires that nothing is left unread: the next reply is that of a PING.</summary>
    public Task ExpectNothingMoreAsync() => AskAsync("PING\r\n", "OK PONG\r\n");

    /// <summary>Reads up to and without CRLF.</summary>
    public async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        var one = new byte[1];
        using var limit = new CancellationTokenSource(Limit);
        while (await _socket.ReceiveAsync(one.AsMemory(), limit.Token) > 0)
        {
            line.Append((char)one[0]);
            if (line.Length >= 2 && line[^1] == '\n' && line[^2] == '\r')
                return line.ToString(0, line.Length - 2);
        }
        throw new XunitException($"the connection ended within the line {Shown(line.ToString())}");
    }

    /// <summary>Reads lines up to and without an empty one.</summary>
    public async Task<List<string>> ReadLinesAsync()
    {
        List<string> lines = [];
        while (await ReadLineAsync() is { Length: > 0 } line)
            lines.Add(line);
        return lines;
    }

    /// <summary>Reads until the other side has closed; a reset counts as closed.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[4_096];
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            while (await _socket.ReceiveAsync(buffer.AsMemory(), limit.Token) is > 0 and var read)
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionReset)
        {
            return text.ToString();
        }
        return text.ToString();
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Shown(string text) => "\"" + (text.Length > 200 ? text[..200] + "…" : text)
        .Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + $"\" ({text.Length} bytes)";
}
