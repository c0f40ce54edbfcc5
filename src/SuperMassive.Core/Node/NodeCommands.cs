using SuperMassive.Core.Links;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Node;

/// <summary>What peers say on their connections: each command is read, handed to the room that answers it, and counted.</summary>
internal sealed class NodeCommands
{
    private readonly NodeCore _node;
    private readonly NodeSessions _sessions;
    private readonly NodeReads _reads;
    private readonly NodeWrites _writes;
    private readonly NodeJoins _joins;
    private readonly NodeReload _reload;
    private readonly CommandWindow _window;
    private readonly CommandMeter _meter = new();
    private bool _isMissing;

    public NodeCommands(NodeCore node, NodeData data, NodeSessions sessions, NodeReload reload, INodeEffects effects)
    {
        _node = node;
        _sessions = sessions;
        _reload = reload;
        _window = new CommandWindow(data.Table);
        _reads = new NodeReads(data, node, this);
        _writes = new NodeWrites(data, node, this);
        _joins = new NodeJoins(data, node, effects);
    }

    /// <summary>Allocates.</summary>
    public CommandFigures Figures => _meter.Figures();

    /// <returns>How many of the bytes were taken.</returns>
    public int Received(PeerSession session, ReadOnlySpan<byte> bytes)
    {
        var channel = session.Channel;
        _node.Touch(session);
        var total = 0;
        while (total < bytes.Length && !session.IsClosed && !channel.IsReadingPaused)
        {
            var rest = bytes[total..];
            var status = _window.Fill(session.Reader, rest, out var last);
            for (var i = 0; i < _window.Count && !session.IsClosed; i++)
            {
                var command = _window.Take(i, rest, out var hash);
                total += command.ConsumedBytes;
                Handle(session, ReadStatus.Command, command, hash);
            }
            if (status is null || session.IsClosed)
                continue;
            total += last.ConsumedBytes;
            if (status == ReadStatus.Incomplete)
                break;
            Handle(session, status.Value, last, hash: 0);
        }
        return session.IsClosed ? bytes.Length : total;
    }

    public void ReplyValue(OutputBuffer output, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Version version)
    {
        RespWriter.Array(output, 4);
        RespWriter.Bulk(output, key);
        RespWriter.Bulk(output, value);
        RespWriter.Integer(output, version.Value);
        RespWriter.Integer(output, _node.AppliedLsn);
    }

    public void ReplyNoValue(OutputBuffer output, ReadOnlySpan<byte> key, Version version)
    {
        _isMissing = true;
        RespWriter.Array(output, 4);
        RespWriter.Bulk(output, key);
        RespWriter.Null(output);
        RespWriter.Integer(output, version.Value);
        RespWriter.Integer(output, _node.AppliedLsn);
    }

    private void Handle(PeerSession session, ReadStatus status, in Command command, ulong hash)
    {
        var output = session.Channel.Output;
        var position = output.Written;
        _isMissing = false;
        if (status == ReadStatus.Command)
            Answer(session, command, hash);
        else
            _sessions.Reject(session, command, status == ReadStatus.Fatal);
        _meter.Count(command.Verb, output.IsErrorAt(position) ? CommandOutcome.Error
            : _isMissing ? CommandOutcome.NotFound : CommandOutcome.Ok);
    }

    /// <param name="hash">Of the key that the command is about; 0 if it is about none.</param>
    private void Answer(PeerSession session, in Command command, ulong hash)
    {
        var output = session.Channel.Output;
        if ((command.Row.Senders & Senders.Anyone) == 0 && !NodeSessions.MayStand(session, command.Row, output))
            return;
        switch (command.Verb)
        {
            case Verb.Ping:
                Pong(session, output);
                break;
            case Verb.Quit:
                RespWriter.Simple(output, "OK see ya later"u8);
                _sessions.CloseAfterReply(session);
                break;
            case Verb.Nauth:
                _sessions.Authenticate(session, command, output);
                break;
            case Verb.Rcnf:
                _reload.Handle(session, command, output);
                break;
            default:
                if (!Understands(session, command, hash, output))
                    _sessions.Misunderstood(session, command);
                break;
        }
    }

    private void Pong(PeerSession session, OutputBuffer output)
    {
        var journal = _node.Journal;
        var isReadOnly = journal.Failure is not null || journal.IsFull;
        Span<byte> text = stackalloc byte[48];
        "OK PONG "u8.CopyTo(text);
        System.Buffers.Text.Utf8Formatter.TryFormat(journal.SyncedLsn, text[8..], out var digits);
        " read-only"u8.CopyTo(text[(8 + digits)..]);
        RespWriter.Simple(output, session.IsJoined ? text[..(8 + digits + (isReadOnly ? " read-only".Length : 0))] : "OK PONG"u8);
    }

    private bool Understands(PeerSession session, in Command command, ulong hash, OutputBuffer output) => command.Verb switch
    {
        Verb.Join => _joins.Handle(session, command, output),
        Verb.Put or Verb.Del or Verb.Add or Verb.Drop or Verb.Known or Verb.Purge => _writes.Handle(command, hash, output),
        Verb.StartSync or Verb.Pages or Verb.DoneSync or Verb.FullSync or Verb.Surplus
            or Verb.Checkpoint or Verb.Digest or Verb.Compare or Verb.Mend => _node.Sync!.Handle(session, command, output),
        _ => _reads.Handle(session, command, hash, output),
    };
}
