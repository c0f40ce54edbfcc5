using SuperMassive.Core;

namespace SuperMassive.Server.Loop;

/// <summary>All that a channel is told when it is made.</summary>
internal sealed record ChannelPlan(EventLoop Loop, MachineHost Host, string Peer, int BufferBytes, bool Gated, Limits Limits)
{
    /// <summary>Whom it connects to; null for accepted channels.</summary>
    public PeerAddress? Target { get; init; }

    /// <summary>Where it was accepted.</summary>
    public LoopListener? Listener { get; init; }

    /// <summary>What the peer is told instead of being served.</summary>
    public byte[]? Refusal { get; init; }
}
