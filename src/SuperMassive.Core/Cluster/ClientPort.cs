using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Cluster;

/// <summary>The cluster's port: clients' connections, their commands in and their answers out.</summary>
internal sealed class ClientPort
{
    private readonly ClusterCore _core;
    private readonly ClientCommands _commands;
    private readonly HashSet<ClientSession> _sessions = [];
    private readonly List<ClientSession> _late = [];
    private long _nextCheckMs;
    private int _pending;

    public ClientPort(ClusterCore core)
    {
        _core = core;
        _commands = new ClientCommands(core, this);
    }

    public int Count => _sessions.Count;

    /// <summary>Commands that were not answered yet.</summary>
    public int Pending => _pending;

    /// <summary>No client waits for an answer.</summary>
    public bool IsIdle => _pending == 0;

    public void Accepted(Channel channel, bool refuse)
    {
        var session = new ClientSession(channel, _core.Settings.Limits, _core.NowMs);
        channel.Owner = session;
        if (refuse)
        {
            ReplyWriter.Error(channel.Output, Framing.Line, "shutting down"u8);
            session.IsClosed = true;
            channel.Close();
            return;
        }
        _sessions.Add(session);
    }

    public void Forget(ClientSession session)
    {
        session.IsClosed = true;
        _sessions.Remove(session);
        while (session.Pending > 0)
        {
            var operation = session.Peek();
            session.Dequeue();
            _pending--;
            operation.Session = null;
            _core.Recycle(operation);
        }
    }

    public void Tick(long nowMs)
    {
        if (nowMs < _nextCheckMs)
            return;
        _nextCheckMs = nowMs + 100;
        foreach (var session in _sessions)
        {
            if (session.DeadlineMs <= nowMs)
                _late.Add(session);
        }
        foreach (var session in _late)
        {
            ReplyWriter.Error(session.Channel.Output, Framing.Line, session.IsAuthenticated
                ? "the command did not arrive whole in time (is its line ended by CRLF? netcat needs -C)"u8
                : "authentication timeout (is every line ended by CRLF? netcat needs -C)"u8);
            Close(session);
        }
        _late.Clear();
    }

    /// <summary>The client sends no more, but still wants its answers.</summary>
    public bool Ended(ClientSession session)
    {
        session.IsQuitting = session.Pending > 0;
        return session.IsQuitting;
    }

    public int Received(ClientSession session, ReadOnlySpan<byte> bytes)
    {
        var total = 0;
        while (total < bytes.Length && !session.IsClosed && !session.IsQuitting && !session.Channel.IsReadingPaused && !_core.IsDraining)
        {
            var status = session.Reader.Read(bytes[total..], out var command);
            var standsAlone = status == ReadStatus.Command && StandsAlone(command.Verb);
            if (standsAlone && session.Pending > 0)
            {
                PauseUntilEmpty(session); // read again when it is its turn
                break;
            }
            total += command.ConsumedBytes;
            if (status == ReadStatus.Incomplete)
                break;
            if (status == ReadStatus.Command)
                _commands.Handle(session, command);
            else
                _commands.Reject(session, command, isFatal: status == ReadStatus.Fatal);
            if (standsAlone && session.Pending > 0)
                PauseUntilEmpty(session);
            else if (HasEnough(session, _core.Settings.Limits))
                session.Channel.IsReadingPaused = true;
        }
        _commands.BeginAll();
        if (session.IsClosed || session.IsQuitting)
            return bytes.Length;
        if (session.IsAuthenticated)
            session.DeadlineMs = total < bytes.Length && !session.Channel.IsReadingPaused
                ? Math.Min(session.DeadlineMs, _core.NowMs + _core.Settings.Limits.CommandArrivalMs)
                : long.MaxValue;
        return total;
    }

    /// <summary>The operation's answer is due after those of all that stand in line before it.</summary>
    public void Enqueue(ClientSession session, Operation operation)
    {
        session.Enqueue(operation);
        _pending++;
    }

    /// <summary>Answers an operation in its turn.</summary>
    public void Answer(Operation operation, Outcome outcome, ReadOnlySpan<byte> payload)
    {
        _core.Watch.Answered(operation, outcome, payload);
        operation.IsAnswered = true;
        operation.Outcome = outcome;
        if (operation.Session is not { } session)
            return;
        if (!session.IsNext(operation))
        {
            operation.SetValue(payload);
            return;
        }
        Write(session, operation, outcome, payload);
        Leave(session, operation);
        while (session.TryPeekAnswered(out var next))
        {
            Write(session, next, next.Outcome, next.Value);
            Leave(session, next);
            _core.Recycle(next);
        }
        if (session.Channel.IsReadingPaused
            && (session.Pending == 0 || (!session.AwaitsEmpty && HasLittle(session, _core.Settings.Limits))))
        {
            session.AwaitsEmpty = false;
            session.Channel.IsReadingPaused = false;
        }
        if (session.IsQuitting && session.Pending == 0)
            Close(session);
    }

    /// <summary>
    /// What looks at many keys begins after everything that its connection sent before, and ends before anything it sent after: a
    /// pipeline means what the same commands mean one by one.
    /// </summary>
    private static bool StandsAlone(Verb verb) => verb is Verb.Regx or Verb.Stat or Verb.Rcnf;

    private static void PauseUntilEmpty(ClientSession session)
    {
        session.AwaitsEmpty = true;
        session.Channel.IsReadingPaused = true;
    }

    private void Leave(ClientSession session, Operation operation)
    {
        session.Dequeue();
        _pending--;
        operation.Session = null;
    }

    /// <summary>
    /// A client that asks faster than it takes answers is not read on: what it may cost is bounded before the memory is taken. An answer
    /// has it read on; while none is due, it is for the shell to wait until those before are taken.
    /// </summary>
    private static bool HasEnough(ClientSession session, Limits limits) =>
        session.Pending > 0 && (session.Pending >= limits.PendingCommands || session.OwedBytes >= limits.OutputBytes);

    private static bool HasLittle(ClientSession session, Limits limits) =>
        session.Pending <= limits.PendingCommands / 2 && session.OwedBytes <= limits.OutputBytes / 2;

    private static void Write(ClientSession session, Operation operation, Outcome outcome, ReadOnlySpan<byte> payload)
    {
        var output = session.Channel.Output;
        var before = output.Written;
        ClientReplies.Write(output, operation, outcome, payload);
        session.Replied(output.Written - before);
    }

    private void Close(ClientSession session)
    {
        Forget(session);
        session.Channel.Close();
    }
}
