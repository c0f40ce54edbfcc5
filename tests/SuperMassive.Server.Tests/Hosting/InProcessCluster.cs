using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;
using SuperMassive.Server.Configuration;
using SuperMassive.Server.Hosting;
using SuperMassive.Server.Journal;
using SuperMassive.Server.Loop;

namespace SuperMassive.Server.Tests.Hosting;

/// <summary>A cluster and one node on one loop, with real files and clients over TCP.</summary>
internal sealed class InProcessCluster : IDisposable
{
    private static readonly byte[] SharedKey = "0123456789abcdef"u8.ToArray();

    private readonly EventLoop _loop = new(NullLogger.Instance);
    private readonly NodeHost _node;
    private readonly ClusterHost _cluster;

    public InProcessCluster(string directory, JournalMode mode)
    {
        Settings = new NodeSettings { Address = "memory:node", SharedKey = SharedKey, JournalMode = mode };
        _node = new NodeHost(_loop, NullLogger.Instance, directory, () => Settings);
        _cluster = new ClusterHost(_loop, NullLogger.Instance, directory, () => new ClusterSettings
        {
            Address = "127.0.0.1:0",
            Shards = [new ShardSettings(new PeerAddress("memory:node"), [])],
            Username = "user"u8.ToArray(),
            Password = "password"u8.ToArray(),
            SharedKey = SharedKey,
        });
        _node.Start("node", new ListenOptions("memory:node") { Gated = true });
        _cluster.Start("cluster", new ListenOptions("127.0.0.1:0"));
        _loop.Start("loop");
    }

    public NodeSettings Settings { get; }

    public JournalFiles Journal => _node.Journal;

    /// <summary>A client that has authenticated; the node takes writes by then.</summary>
    public async Task<Client> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", HostPort.Parse(_cluster.Address).Port);
        var client = new Client(socket);
        Assert.StartsWith("OK", await client.AskAsync("AUTH user password"));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await client.AskAsync("PUT ready yes")).StartsWith("ERR", StringComparison.Ordinal))
            patience.Token.ThrowIfCancellationRequested();
        return client;
    }

    /// <summary>
    /// Waits until a checkpoint is installed that leaves at most so much of the journal to be replayed: a slow disk lets the
    /// checkpoint fall behind its writers, who must not be what a test of recovery depends on.
    /// </summary>
    public async Task CheckpointAsync(Client client, long behindBytes)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Journal.EndLsn - _node.Node.CheckpointLsn > behindBytes)
        {
            patience.Token.ThrowIfCancellationRequested();
            await client.AskAsync("PING");
        }
    }

    public void Dispose()
    {
        _loop.Dispose();
        _node.Dispose();
        _cluster.Dispose();
    }

    internal sealed class Client(Socket socket) : IDisposable
    {
        private readonly StreamReader _replies = new(new NetworkStream(socket, ownsSocket: true), Encoding.ASCII);

        public async Task<string> AskAsync(string line)
        {
            await SendAsync(line + "\r\n");
            return await ReadAsync();
        }

        public async Task SendAsync(string lines) => await socket.SendAsync(Encoding.ASCII.GetBytes(lines));

        public async Task<string> ReadAsync() => await _replies.ReadLineAsync() ?? throw new IOException("the connection ended");

        /// <summary>Writes keys 0 to <paramref name="keys"/> − 1 over and over, many under way at once.</summary>
        public async Task OverwriteAsync(int keys, int writes, int valueBytes)
        {
            const int batch = 50;
            var value = new string('v', valueBytes);
            for (var done = 0; done < writes; done += batch)
            {
                var lines = new StringBuilder();
                for (var n = done; n < done + batch; n++)
                    lines.Append(CultureInfo.InvariantCulture, $"PUT key-{n % keys} {n}-{value}\r\n");
                await SendAsync(lines.ToString());
                for (var n = 0; n < batch; n++)
                    Assert.StartsWith("OK", await ReadAsync());
            }
        }

        public void Dispose() => _replies.Dispose();
    }
}
