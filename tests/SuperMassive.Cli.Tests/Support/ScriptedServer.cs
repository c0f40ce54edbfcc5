using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SuperMassive.Cli.Tests.Support;

/// <summary>
/// A small honest store that speaks line or RESP, and a script that may change what it answers: given the command and the honest reply,
/// it returns the reply (empty for none at all), or null to close the connection.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string[], string, string?> _script;
    private readonly bool _isResp;
    private readonly X509Certificate2? _certificate;
    private readonly Dictionary<string, string> _store = [];
    private readonly List<Task> _served = [];
    private readonly Task _accepting;
    private volatile bool _isOver;

    public ScriptedServer(Func<string[], string, string?>? script = null, bool isResp = false, X509Certificate2? certificate = null)
    {
        (_script, _isResp, _certificate) = (script ?? ((_, honest) => honest), isResp, certificate);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        _isOver = true;
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_served);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _served.Add(ServeAsync(await _listener.AcceptTcpClientAsync()));
        }
        catch (Exception e) when (_isOver && e is SocketException or InvalidOperationException)
        {
            // accepting ends with the listener, wherever it was stopped
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var owned = client;
        client.NoDelay = true;
        try
        {
            Stream stream = client.GetStream();
            if (_certificate is not null)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(_certificate);
                stream = tls;
            }
            using var reader = new StreamReader(stream, Encoding.Latin1);
            while (await ReadAsync(reader) is { } command && Answer(command) is { } reply)
                await stream.WriteAsync(Encoding.Latin1.GetBytes(reply));
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // the tool has had enough of it
        }
    }

    // the tool's values hold no line break, so RESP can be read by lines too
    private async Task<string[]?> ReadAsync(StreamReader reader)
    {
        var line = await reader.ReadLineAsync();
        if (line is null || !_isResp)
            return line?.Split(' ', 3);
        var parts = new string[int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture)];
        for (var i = 0; i < parts.Length; i++)
        {
            await reader.ReadLineAsync();
            parts[i] = await reader.ReadLineAsync() ?? "";
        }
        return parts;
    }

    private string? Answer(string[] command)
    {
        lock (_store)
            return _script(command, _isResp ? Resp(command) : Line(command));
    }

    private string Line(string[] command) => command[0] switch
    {
        "AUTH" => "OK authenticated\r\n",
        "PUT" => Put(command, "OK key-value written\r\n"),
        "GET" => _store.TryGetValue(command[1], out var value) ? $"{command[1]} {value}\r\n" : "ERR key-value not found\r\n",
        "DEL" => _store.Remove(command[1]) ? "OK key-value deleted\r\n" : "ERR key-value not found\r\n",
        "INCR" => $"{command[1]} {Increment(command[1])}\r\n",
        _ => "ERR unknown command\r\n",
    };

    private string Resp(string[] command) => command[0] switch
    {
        "AUTH" => "+OK\r\n",
        "SET" => Put(command, "+OK\r\n"),
        "GET" => _store.TryGetValue(command[1], out var value) ? $"${value.Length}\r\n{value}\r\n" : "$-1\r\n",
        "DEL" => _store.Remove(command[1]) ? ":1\r\n" : ":0\r\n",
        "INCR" => $":{Increment(command[1])}\r\n",
        _ => "-ERR unknown command\r\n",
    };

    private string Put(string[] command, string reply)
    {
        _store[command[1]] = command[2];
        return reply;
    }

    private string Increment(string key) =>
        _store[key] = (int.Parse(_store[key], CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
}
