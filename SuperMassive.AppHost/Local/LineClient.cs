using System.Net.Sockets;
using System.Text;

namespace SuperMassive.AppHost.Local;

/// <summary>Asks a cluster one question in the line protocol.</summary>
internal static class LineClient
{
    /// <summary>Connects, authenticates, sends <paramref name="verb"/> and returns its reply, or the cluster's error.</summary>
    /// <returns>The lines of the reply, without the empty line that ends a STAT.</returns>
    /// <exception cref="SocketException">The cluster cannot be reached.</exception>
    /// <exception cref="IOException">The connection broke, or ended before the reply.</exception>
    public static async Task<string> AskAsync(
        string host, int port, (string Username, string Password) credentials, string verb, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host, port, cancellation);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);

        var secret = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.Username}\0{credentials.Password}"));
        await SendAsync($"AUTH {secret}");
        var authenticated = await ReadLineAsync();
        if (!authenticated.StartsWith("OK", StringComparison.Ordinal)) return authenticated;

        await SendAsync(verb);
        var reply = await ReadLineAsync();
        if (verb != "STAT" || reply != "OK") return reply;

        var lines = new StringBuilder(reply);
        while (await ReadLineAsync() is { Length: > 0 } line) lines.AppendLine().Append(line);
        return lines.ToString();

        async Task SendAsync(string line) => await stream.WriteAsync(Encoding.UTF8.GetBytes($"{line}\r\n"), cancellation);

        async Task<string> ReadLineAsync() =>
            await reader.ReadLineAsync(cancellation) ?? throw new IOException($"{host}:{port} ended the connection before it replied");
    }
}
