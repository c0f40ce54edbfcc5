namespace SuperMassive.Core;

/// <summary>What one connection may cost. Each limit is enforced before the memory is taken.</summary>
public sealed record Limits
{
    public int LineBytes { get; init; } = 64 << 10;

    public int KeyBytes { get; init; } = 64 << 10;

    public int ValueBytes { get; init; } = 64 << 20;

    public int LineValueBytes { get; init; } = 1 << 20;

    public int PatternBytes { get; init; } = 1 << 10;

    public int Connections { get; init; } = 10_000;

    public int UnauthenticatedBytes { get; init; } = 1 << 10;

    public int UnauthenticatedMs { get; init; } = 5_000;

    /// <summary>How long a command once begun may take to arrive whole (<c>read-timeout</c>); an idle connection is left alone.</summary>
    public int CommandArrivalMs { get; init; } = 10_000;

    public int PendingCommands { get; init; } = 10_000;

    public int OutputBytes { get; init; } = 64 << 20;

    /// <summary>Elements of one RESP array; the largest command has far fewer.</summary>
    public int ArrayElements { get; init; } = 1_024;
}
