using SuperMassive.Core;

namespace SuperMassive.Server.Loop;

/// <summary>How to listen.</summary>
/// <param name="Address">
/// <c>host:port</c> (port 0: the system chooses one; host <c>*</c>: every interface), or <c>memory:NAME</c> for peers on the same loop.
/// </param>
public sealed record ListenOptions(string Address)
{
    /// <summary>Null: no TLS.</summary>
    public TlsServerOptions? Tls { get; init; }

    /// <summary>Whether what is written on accepted channels waits for a release, see <see cref="Channel"/>.</summary>
    public bool Gated { get; init; }

    public Limits Limits { get; init; } = new();

    /// <summary>Initial size of a connection's buffers; they grow as needed.</summary>
    public int BufferBytes { get; init; } = 1_024;
}
