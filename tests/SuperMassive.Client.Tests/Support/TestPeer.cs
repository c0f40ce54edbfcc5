using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace SuperMassive.Client.Tests.Support;

/// <summary>The other end of a connection, on a port the system gives. What it reads and answers is up to each test.</summary>
internal sealed class TestPeer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly X509Certificate2? _certificate;
    private readonly List<PeerConnection> _accepted = [];

    public TestPeer(X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public SuperMassiveClientOptions Options => new() { Address = Address, MaxReconnectBackoff = TimeSpan.FromMilliseconds(1) };

    public SuperMassiveClientOptions OptionsWithCredentials => Options with { Username = "ada", Password = "s3cret" };

    public async Task<PeerConnection> AcceptAsync()
    {
        var socket = await _listener.AcceptTcpClientAsync().Soon();
        socket.NoDelay = true;
        Stream stream = socket.GetStream();
        if (_certificate is not null)
        {
            var tls = new SslStream(stream);
            stream = tls;
            await tls.AuthenticateAsServerAsync(_certificate).Soon();
        }
        var connection = new PeerConnection(stream);
        _accepted.Add(connection);
        return connection;
    }

    /// <summary>Accepts, and answers the AUTH that must come first.</summary>
    public async Task<PeerConnection> AcceptAuthenticatedAsync()
    {
        var connection = await AcceptAsync();
        Assert.Equal(["AUTH", "ada", "s3cret"], await connection.ReadCommandAsync());
        await connection.SendAsync("+OK authenticated\r\n");
        return connection;
    }

    /// <summary>A client connected without credentials, and this end of it.</summary>
    public async Task<(SuperMassiveClient Client, PeerConnection Connection)> ConnectAsync(SuperMassiveClientOptions? options = null)
    {
        var accepting = AcceptAsync();
        var client = await SuperMassiveClient.ConnectAsync(options ?? Options).AsTask().Soon();
        return (client, await accepting);
    }

    public void StopListening() => _listener.Stop();

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        foreach (var connection in _accepted)
            await connection.DisposeAsync();
        _certificate?.Dispose();
    }
}
