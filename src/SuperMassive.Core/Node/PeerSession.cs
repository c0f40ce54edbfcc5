using SuperMassive.Core.Journal;
using SuperMassive.Core.Links;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Node;

/// <summary>One connection to a node's or replica's port.</summary>
internal sealed class PeerSession
{
    public PeerSession(Channel channel, Port port, NodeSettings settings, long nowMs)
    {
        Channel = channel;
        Reader = new CommandReader(port, settings.Limits);
        Handshake = new AcceptorHandshake(settings.SharedKey);
        DeadlineMs = nowMs + settings.Limits.UnauthenticatedMs;
    }

    public Channel Channel { get; }

    public CommandReader Reader { get; }

    public AcceptorHandshake Handshake { get; }

    /// <summary>When it must have authenticated, on the monotonic clock.</summary>
    public long DeadlineMs { get; }

    public PeerRole Role => Handshake.Role;

    /// <summary>Whether JOIN succeeded: from then on it may read, and write if this is a primary.</summary>
    public bool IsJoined { get; set; }

    /// <summary>As which cluster process it joined.</summary>
    public FenceRecord Fence { get; set; }

    public bool IsClosed { get; set; }

    /// <summary>Output up to here already waits at the <see cref="ReplyGate"/>.</summary>
    public long HeldPosition { get; set; }

    /// <summary>Scans under way, by the number the cluster gave them.</summary>
    public Dictionary<long, NodeScan> Scans { get; } = [];
}
