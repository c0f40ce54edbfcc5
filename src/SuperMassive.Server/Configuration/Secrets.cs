namespace SuperMassive.Server.Configuration;

/// <summary>What a process must know and must never print.</summary>
/// <param name="Username">What clients authenticate with, UTF-8; empty where there are no clients (nodes, replicas).</param>
/// <param name="Password">Likewise.</param>
/// <param name="SharedKey">What processes prove to each other.</param>
public sealed record Secrets(byte[] Username, byte[] Password, byte[] SharedKey)
{
    public override string ToString() => "Secrets { hidden }";
}
