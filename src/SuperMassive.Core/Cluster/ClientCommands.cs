using System.Runtime.InteropServices;
using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>What a client may say: each command becomes an operation, or is answered at once, always in its turn.</summary>
internal sealed class ClientCommands(ClusterCore core, ClientPort port)
{
    private const int MaxRead = 32;

    /// <summary>Commands on a key that were read, in order, and are not begun: what they need to know of their keys is on its way.</summary>
    private readonly List<Operation> _read = new(MaxRead);

    /// <summary>The command being handled, for whatever is begun or answered for it.</summary>
    private Verb _verb;

    public void Handle(ClientSession session, in Command command)
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
                Say(session, command.Framing, Outcome.Raw,
                    command.Framing == Framing.Resp ? "+OK see ya later\r\n"u8 : "OK see ya later\r\n"u8);
                break;
            case Verb.Put:
                var put = Enqueue(session, command, OperationKind.Put);
                put.SetValue(command[1]);
                put.IsBareOk = command.Framing == Framing.Resp && command.Row.Name == "SET";
                Begin(put);
                break;
            case Verb.Get:
                Begin(Enqueue(session, command, OperationKind.Get));
                break;
            case Verb.Del:
                Begin(Enqueue(session, command, OperationKind.Delete));
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

    /// <summary>Begins what was read, in the order in which it came.</summary>
    public void BeginAll()
    {
        foreach (var operation in CollectionsMarshal.AsSpan(_read))
            core.Order.Submit(operation);
        _read.Clear();
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
        Begin(operation);
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

    public void Reject(ClientSession session, in Command command, bool isFatal)
    {
        _verb = command.Verb;
        if (isFatal)
        {
            core.Effects.Report(CoreEvent.ProtocolViolation, session.Channel.Peer, Links.PeerText.Of(command.Error));
            session.IsQuitting = true;
        }
        Say(session, command.Framing, Outcome.Error, command.Error);
    }

    private void Begin(Operation operation)
    {
        operation.Hash = core.HashOf(operation.Key);
        core.Hints.Prefetch(operation.Hash);
        _read.Add(operation);
        if (_read.Count == MaxRead)
            BeginAll();
    }

    private Operation Enqueue(ClientSession session, in Command command, OperationKind kind)
    {
        var operation = core.Rent(kind, session);
        operation.Verb = _verb;
        operation.Framing = command.Framing;
        if (command.ArgumentCount > 0)
            operation.SetKey(command[0]);
        port.Enqueue(session, operation);
        return operation;
    }

    /// <summary>An answer that needs no work, in its turn behind those that do.</summary>
    private void Say(ClientSession session, Framing framing, Outcome outcome, ReadOnlySpan<byte> payload)
    {
        var operation = core.Rent(OperationKind.Immediate, session);
        operation.Verb = _verb;
        operation.Framing = framing;
        port.Enqueue(session, operation);
        core.Complete(operation, outcome, payload);
    }
}
