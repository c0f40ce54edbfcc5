using SuperMassive.Core;
using SuperMassive.Core.Node;
using SuperMassive.Server.Hosting;
using SuperMassive.Server.Loop;
using SuperMassive.Server.Tests.Loop;

namespace SuperMassive.Server.Tests.Journal;

/// <summary>A replica on a loop of its own.</summary>
internal sealed class TestReplica : IDisposable
{
    public static readonly byte[] SharedKey = "0123456789abcdef"u8.ToArray();

    private readonly RecordingLogger _logger = new();
    private readonly EventLoop _loop;
    private readonly NodeHost _host;

    public TestReplica(string directory, TestCertificates? certificates = null)
    {
        _loop = new EventLoop(_logger);
        try
        {
            _host = new NodeHost(_loop, _logger, directory, () => Settings(SharedKey) with { IsReplica = true });
        }
        catch
        {
            _loop.Dispose();
            throw;
        }
        _host.Start("replica", new ListenOptions(certificates is null ? "127.0.0.1:0" : "localhost:0")
        {
            Tls = certificates is null ? null : TlsServerOptions.Load(certificates.CertFile, certificates.KeyFile),
            Gated = true,
        });
        Peer = new PeerAddress(_host.Address)
        {
            UseTls = certificates is not null,
            CaCertFile = certificates?.CaFile ?? "",
        };
        _loop.Start("replica");
    }

    public PeerAddress Peer { get; }

    public IEnumerable<string> Log => _logger.Lines.Select(line => line.Text);

    /// <summary>Of the primary that it follows.</summary>
    public static NodeSettings Settings(byte[] sharedKey, params PeerAddress[] replicas) =>
        new() { Address = "127.0.0.1:0", SharedKey = sharedKey, Replicas = replicas };

    public void Dispose()
    {
        _loop.Dispose();
        _host.Dispose();
    }
}
