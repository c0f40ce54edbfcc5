namespace SuperMassive.Core.Node;

/// <summary>
/// Holds replies back until the journal has reached what they promise: one gate for every durability mode. Reads pass it too, so
/// that nobody is shown a value which a crash could still take back.
/// </summary>
internal sealed class ReplyGate
{
    private readonly Queue<Held> _held = new();

    /// <summary>
    /// Everything <paramref name="session"/> was answered so far depends on the journal up to <paramref name="lsn"/>; 0: on nothing.
    /// </summary>
    public void Hold(PeerSession session, long lsn)
    {
        var position = session.Channel.Output.Written;
        if (position == session.HeldPosition)
            return;
        session.HeldPosition = position;
        if (lsn == 0)
        {
            session.Channel.Output.Release(position);
            return;
        }
        _held.Enqueue(new Held(session, position, lsn));
    }

    /// <summary>Lets go what depends on nothing beyond <paramref name="lsn"/>.</summary>
    public void ReleaseThrough(long lsn)
    {
        while (_held.TryPeek(out var held) && (held.Lsn <= lsn || held.Session.IsClosed))
        {
            _held.Dequeue();
            if (!held.Session.IsClosed)
                held.Session.Channel.Output.Release(held.Position);
        }
    }

    /// <summary>Forgets all: the sessions are closed instead of answered.</summary>
    public void Clear() => _held.Clear();

    private readonly record struct Held(PeerSession Session, long Position, long Lsn);
}
