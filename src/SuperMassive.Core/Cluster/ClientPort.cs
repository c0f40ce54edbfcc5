using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>The cluster's port: clients' connections, their commands in and their answers out.</summary>
internal sealed class ClientPort(ClusterCore core)
{
    private readonly HashSet<ClientSession> _sessions = [];
    private readonly List<ClientSession> _late = [];
    private long _nextCheckMs;
    private int _pending;

    /// <summary>The command being handled, for whatever is begun or answered for it.</summary>
    private Verb _verb;

    public int Count => _sessions.Count;

    /// <summary>Commands that were not answered yet.</summary>
    public int Pending => _pending;

    /// <summary>No client waits for an answer.</summary>
    public bool IsIdle => _pending == 0;

    public void Accepted(Channel channel, bool refuse)
    {
        var session = new ClientSession(channel, core.Settings.Limits, core.NowMs);
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
            core.Recycle(operation);
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
        while (total < bytes.Length && !session.IsClosed && !session.IsQuitting && !session.Channel.IsReadingPaused && !core.IsDraining)
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
                Handle(session, command);
            else
                Reject(session, command, isFatal: status == ReadStatus.Fatal);
            if (standsAlone && session.Pending > 0)
                PauseUntilEmpty(session);
            else if (HasEnough(session, core.Settings.Limits))
                session.Channel.IsReadingPaused = true;
        }
        if (session.IsClosed || session.IsQuitting)
            return bytes.Length;
        if (session.IsAuthenticated)
            session.DeadlineMs = total < bytes.Length && !session.Channel.IsReadingPaused
                ? Math.Min(session.DeadlineMs, core.NowMs + core.Settings.Limits.CommandArrivalMs)
                : long.MaxValue;
        return total;
    }

    /// <summary>Answers an operation in its turn.</summary>
    public void Answer(Operation operation, Outcome outcome, ReadOnlySpan<byte> payload)
    {
        core.Watch.Answered(operation, outcome, payload);
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
            core.Recycle(next);
        }
        if (session.Channel.IsReadingPaused && (session.Pending == 0 || (!session.AwaitsEmpty && HasLittle(session, core.Settings.Limits))))
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

    /// <summary>A client that asks faster than it takes answers is not read on: what it may cost is bounded before the memory is taken.</summary>
    private static bool HasEnough(ClientSession session, Limits limits) =>
        session.Pending >= limits.PendingCommands || session.OwedBytes >= limits.OutputBytes;

    private static bool HasLittle(ClientSession session, Limits limits) =>
        session.Pending <= limits.PendingCommands / 2 && session.OwedBytes <= limits.OutputBytes / 2;

    private static void Write(ClientSession session, Operation operation, Outcome outcome, ReadOnlySpan<byte> payload)
    {
        var output = session.Channel.Output;
        var before = output.Written;
        Write(output, operation, outcome, payload);
        session.Replied(output.Written - before);
    }

    private static void Write(OutputBuffer output, Operation operation, Outcome outcome, ReadOnlySpan<byte> payload)
    {
        var framing = operation.Framing;
        switch (outcome)
        {
            case Outcome.Written when operation.IsBareOk:
                ReplyWriter.OkBare(output, framing);
                break;
            case Outcome.Written:
                ReplyWriter.Ok(output, framing, "key-value written"u8);
                break;
            case Outcome.Value:
                ReplyWriter.KeyValue(output, framing, operation.Key, payload);
                break;
            case Outcome.Missing when operation.Kind == OperationKind.Count:
                ReplyWriter.Error(output, framing, "key-value not found"u8);
                break;
            case Outcome.Missing when operation.Kind == OperationKind.Delete:
                ReplyWriter.Deleted(output, framing, false);
                break;
            case Outcome.Missing:
                ReplyWriter.Missing(output, framing);
                break;
            case Outcome.Deleted:
                ReplyWriter.Deleted(output, framing, true);
                break;
            case Outcome.Number:
                ReplyWriter.Counter(output, framing, operation.Key, payload);
                break;
            case Outcome.Error:
                ReplyWriter.Error(output, framing, payload);
                break;
            case Outcome.Raw:
                output.Write(payload);
                break;
        }
    }

    private void Handle(ClientSession session, in Command command)
    {
        _verb = command.Verb;
        if (!session.IsAuthenticated && (command.Row.Senders & Senders.Anyone) == 0)
        {
            Say(session, command.Framing, Outcome.Error, "not authenticated"u8);
            return;
        }
        if (core.IsSuperseded && command.Row.Route != Route.Local)
        {
            Say(session, command.Framing, Outcome.Error, "superseded by a newer cluster process"u8);
            return;
        }
        switch (command.Verb)
        {
            case Verb.Ping:
                // some Redis clients end the connection when the answer is not exactly this
                Say(session, command.Framing, Outcome.Raw, command.Framing == Framing.Resp ? "+PONG\r\n"u8 : "OK PONG\r\n"u8);
                break;
            case Verb.Auth:
                Authenticate(session, command);
                break;
            case Verb.Quit:
                session.IsQuitting = true;
                Say(session, command.Framing, Outcome.Raw, command.Framing == Framing.Resp ? "+OK see ya later\r\n"u8 : "OK see ya later\r\n"u8);
                break;
            case Verb.Put:
                var put = Enqueue(session, command, OperationKind.Put);
                put.SetValue(command[1]);
                put.IsBareOk = command.Framing == Framing.Resp && command.Row.Name == "SET";
                core.Order.Submit(put);
                break;
            case Verb.Get:
                core.Order.Submit(Enqueue(session, command, OperationKind.Get));
                break;
            case Verb.Del:
                core.Order.Submit(Enqueue(session, command, OperationKind.Delete));
                break;
            case Verb.Incr or Verb.Decr:
                ChangeCounter(session, command);
                break;
            case Verb.Regx:
                Scan(session, command);
                break;
            case Verb.Stat:
                core.StatisticsFlow.Run(Enqueue(session, command, OperationKind.Statistics));
                break;
            case Verb.Rcnf:
                core.ReloadFlow.Run(Enqueue(session, command, OperationKind.Reload));
                break;
        }
    }

    private void Authenticate(ClientSession session, in Command command)
    {
        if (session.IsAuthenticated)
        {
            Say(session, command.Framing, Outcome.Error, "already authenticated"u8);
            return;
        }
        var settings = core.Settings;
        var matches = command.ArgumentCount == 1
            ? Credentials.Matches(command[0], settings.Username, settings.Password)
            : Credentials.Matches(command[0], command[1], settings.Username, settings.Password);
        if (!matches)
        {
            core.Effects.Report(CoreEvent.AuthenticationFailed, session.Channel.Peer, "wrong user or password");
            Say(session, command.Framing, Outcome.Error, "invalid credentials"u8);
            return;
        }
        session.Reader.IsAuthenticated = true;
        session.DeadlineMs = long.MaxValue;
        Say(session, command.Framing, Outcome.Raw, command.Framing == Framing.Resp ? "+OK authenticated\r\n"u8 : "OK authenticated\r\n"u8);
    }

    private void ChangeCounter(ClientSession session, in Command command)
    {
        var amount = command.ArgumentCount > 1 ? command[1] : "1"u8;
        if (!Counter.IsNumber(amount))
        {
            Say(session, command.Framing, Outcome.Error, "value is not a number"u8);
            return;
        }
        var operation = Enqueue(session, command, OperationKind.Count);
        if (command.Verb == Verb.Incr)
        {
            operation.SetValue(amount);
        }
        else if (amount[0] == (byte)'-')
        {
            operation.SetValue(amount[1..]);
        }
        else
        {
            Span<byte> negated = stackalloc byte[Counter.MaxBytes + 1];
            if (amount.Length > Counter.MaxBytes)
            {
                core.Complete(operation, Outcome.Error, "number out of range"u8);
                return;
            }
            negated[0] = (byte)'-';
            amount.CopyTo(negated[1..]);
            operation.SetValue(negated[..(amount.Length + 1)]);
        }
        core.Order.Submit(operation);
    }

    private void Scan(ClientSession session, in Command command)
    {
        long offset = 0;
        long limit = -1;
        if (command.ArgumentCount > 1 && (!RespCursor.TryParse(command[1], out offset) || !RespCursor.TryParse(command[2], out limit)
            || offset < 0 || limit < 0))
        {
            Say(session, command.Framing, Outcome.Error, "offset and limit must be whole numbers from 0"u8);
            return;
        }
        core.Scans.Run(Enqueue(session, command, OperationKind.Scan), offset, limit);
    }

    private void Reject(ClientSession session, in Command command, bool isFatal)
    {
        _verb = command.Verb;
        if (isFatal)
        {
            core.Effects.Report(CoreEvent.ProtocolViolation, session.Channel.Peer, Links.PeerText.Of(command.Error));
            session.IsQuitting = true;
        }
        Say(session, command.Framing, Outcome.Error, command.Error);
    }

    private Operation Enqueue(ClientSession session, in Command command, OperationKind kind)
    {
        var operation = core.Rent(kind, session);
        operation.Verb = _verb;
        operation.Framing = command.Framing;
        if (command.ArgumentCount > 0)
            operation.SetKey(command[0]);
        session.Enqueue(operation);
        _pending++;
        return operation;
    }

    /// <summary>An answer that needs no work, in its turn behind those that do.</summary>
    private void Say(ClientSession session, Framing framing, Outcome outcome, ReadOnlySpan<byte> payload)
    {
        var operation = core.Rent(OperationKind.Immediate, session);
        operation.Verb = _verb;
        operation.Framing = framing;
        session.Enqueue(operation);
        _pending++;
        core.Complete(operation, outcome, payload);
    }

    private void Close(ClientSession session)
    {
        Forget(session);
        session.Channel.Close();
    }
}
