namespace SuperMassive.Core;

/// <summary>One outbound connection at one moment.</summary>
/// <param name="Peer">Its address.</param>
/// <param name="IsReplica">Whether the peer is a replica; otherwise a primary.</param>
/// <param name="IsUp">Whether it may be asked.</param>
/// <param name="InFlight">Requests without a reply.</param>
/// <param name="Reconnects">How often it came up again after the first time.</param>
public readonly record struct LinkFigures(string Peer, bool IsReplica, bool IsUp, int InFlight, long Reconnects);
