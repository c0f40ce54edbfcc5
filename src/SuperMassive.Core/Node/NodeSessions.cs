using System.Text;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Links;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Node;

/// <summary>The connections to a node's port: who they are, what they may say, and how they end.</summary>
internal sealed class NodeSessions(NodeCore node, INodeEffects effects)
{
    private readonly HashSet<PeerSession> _sessions = [];
    private readonly List<PeerSession> _touched = [];

    public int Count => _sessions.Count;

    /// <summary>Those that were spoken to in this batch.</summary>
    public List<PeerSession> Touched => _touched;

    public void Add(Channel channel)
    {
        var session = new PeerSession(channel, node.Settings.IsReplica ? Port.Replica : Port.Node, node.Settings, node.NowMs);
        channel.Owner = session;
        _sessions.Add(session);
    }

    public void Remove(PeerSession session)
    {
        session.IsClosed = true;
        _sessions.Remove(session);
        node.Sync?.Forget(session);
    }

    public void Abort(PeerSession session)
    {
        if (session.IsClosed)
            return;
        session.Channel.Abort();
        Remove(session);
    }

    /// <summary>Ends every connection, and what it was answered and not yet told is never told.</summary>
    public void AbortUnanswered()
    {
        foreach (var session in _sessions.ToArray())
        {
            session.Channel.Output.DropUnreleased();
            Abort(session);
        }
    }

    public void AbortClusters() => AbortClusters(_ => true);

    /// <summary>Ends the connections of cluster processes that were replaced.</summary>
    public void AbortClusters(FenceRecord outrankedBy) => AbortClusters(session => outrankedBy.Outranks(session.Fence));

    public void PauseReading()
    {
        foreach (var session in _sessions)
            session.Channel.IsReadingPaused = true;
    }

    public void CloseAfterReply(PeerSession session)
    {
        session.Channel.Output.Release(session.Channel.Output.Written);
        session.Channel.Close();
        Remove(session);
    }

    public void CloseTheUnauthenticated()
    {
        List<PeerSession>? late = null;
        foreach (var session in _sessions)
        {
            if (session.Role == PeerRole.None && node.NowMs >= session.DeadlineMs)
                (late ??= []).Add(session);
        }
        foreach (var session in late ?? [])
        {
            RespWriter.Error(session.Channel.Output, "ERR authentication timeout"u8);
            CloseAfterReply(session);
        }
    }

    public void Authenticate(PeerSession session, in Command command, OutputBuffer output)
    {
        switch (session.Handshake.Received(command, output, effects))
        {
            case HandshakeStep.Done:
                session.Reader.IsAuthenticated = true;
                break;
            case HandshakeStep.Failed:
                effects.Report(CoreEvent.AuthenticationFailed, session.Channel.Peer, "wrong shared key");
                CloseAfterReply(session);
                break;
        }
    }

    /// <summary>Line framing of replies is not offered between processes: whoever may send data commands speaks RESP.</summary>
    public static bool MayStand(PeerSession session, CommandRow row, OutputBuffer output)
    {
        var allowed = session.Role switch
        {
            PeerRole.Cluster => (row.Senders & Senders.Cluster) != 0 && (session.IsJoined || row.Verb == Verb.Join),
            PeerRole.Primary => (row.Senders & Senders.Primary) != 0,
            _ => false,
        };
        if (!allowed)
            RespWriter.Error(output, session.Role == PeerRole.None ? "ERR not authenticated"u8 : "ERR not joined"u8);
        return allowed;
    }

    public void Reject(PeerSession session, in Command command, bool isFatal)
    {
        effects.Report(CoreEvent.ProtocolViolation, session.Channel.Peer, PeerText.Of(command.Error));
        ReplyWriter.Error(session.Channel.Output, command.Framing, command.Error);
        if (isFatal)
            CloseAfterReply(session);
    }

    /// <summary>A peer that proved the shared key and still talks nonsense is not trusted with another word.</summary>
    public void Misunderstood(PeerSession session, in Command command)
    {
        effects.Report(CoreEvent.ProtocolViolation, session.Channel.Peer, $"{command.Row.Name} with an argument that is not a number");
        RespWriter.Error(session.Channel.Output, Encoding.ASCII.GetBytes($"ERR malformed {command.Row.Name}"));
        CloseAfterReply(session);
    }

    private void AbortClusters(Func<PeerSession, bool> which)
    {
        foreach (var session in _sessions.Where(session => session.IsJoined && which(session)).ToArray())
            Abort(session);
    }
}
