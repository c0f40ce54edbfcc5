namespace SuperMassive.Core;

/// <summary>Where a peer listens and how patient to be with it: one <c>server-address</c> section of a configuration file.</summary>
public sealed record PeerAddress(string Address)
{
    public bool UseTls { get; init; }

    /// <summary>PEM file with the authority that signed the peer's certificate; empty: the system's authorities.</summary>
    public string CaCertFile { get; init; } = "";

    public int ConnectTimeoutMs { get; init; } = 5_000;

    /// <summary>How long a peer may take no bytes at all before the link counts as lost.</summary>
    public int WriteTimeoutMs { get; init; } = 5_000;

    /// <summary>How long a request may wait for its reply before the link counts as lost.</summary>
    public int ReadTimeoutMs { get; init; } = 5_000;

    /// <summary>Connection attempts with growing back-off before only every health check tries again.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>The longest back-off between those attempts.</summary>
    public int RetryWaitMs { get; init; } = 1_000;

    public int BufferBytes { get; init; } = 1_024;
}
