namespace SuperMassive.Simulator.Networking;

/// <summary>What the wires of one world are like.</summary>
public sealed record NetworkSettings
{
    public int MinLatencyUs { get; init; } = 50;

    public int MaxLatencyUs { get; init; } = 1_000;

    /// <summary>Bytes that may be under way or unread in one direction of a connection before its sender has to wait.</summary>
    public int WindowBytes { get; init; } = 64 << 10;

    /// <summary>How often (per mille) what is sent at once arrives in pieces, cut anywhere.</summary>
    public int SplitPerMille { get; init; } = 100;

    /// <summary>How often (per mille) a segment is lost and comes with the delay of a retransmission.</summary>
    public int RetransmitPerMille { get; init; } = 2;

    public int RetransmitUs { get; init; } = 200_000;
}
