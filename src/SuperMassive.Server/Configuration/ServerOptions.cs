namespace SuperMassive.Server.Configuration;

/// <summary>Where a process listens: the <c>server-config</c> section.</summary>
/// <param name="Address"><c>host:port</c>; port 0 lets the system choose.</param>
public sealed record ServerOptions(string Address)
{
    public bool UseTls { get; init; }

    /// <summary>PEM file with the certificate; empty: none.</summary>
    public string CertFile { get; init; } = "";

    /// <summary>PEM file with its private key; empty: none.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>How long a command once begun may take to arrive whole.</summary>
    public int ReadTimeoutMs { get; init; } = 10_000;

    /// <summary>Initial size of a connection's buffers.</summary>
    public int BufferBytes { get; init; } = 1_024;
}
