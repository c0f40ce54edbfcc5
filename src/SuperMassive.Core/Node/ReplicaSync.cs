using System.Text;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Node.Replication;
using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Node;

/// <summary>
/// The replica's side of replication: stores its primary's journal byte for byte and applies every record as it completes.
/// Catching up and following live are the same stream.
/// </summary>
internal sealed class ReplicaSync
{
    private const int MaxSurplusBytes = 1 << 20;

    /// <summary>How many epochs are named in SYNCFROM: enough to find the common one, bounded for a line.</summary>
    private const int NamedEpochs = 64;

    private readonly NodeCore _node;
    private readonly NodeData _data;
    private readonly INodeEffects _effects;
    private readonly RecordHandler _apply;
    private JournalReader _reader;
    private readonly ReplicaRepair _repair;
    private PeerSession? _primary;
    private bool _isSynced;

    public ReplicaSync(NodeCore node, NodeData data, NodeRecovery recovered, INodeEffects effects)
    {
        _node = node;
        _data = data;
        _effects = effects;
        _repair = new ReplicaRepair(data, this);
        _apply = (in Record record, long _) => data.Apply(record);
        _reader = recovered.EndLsn == 0
            ? new JournalReader(null, 0)
            : JournalReader.Resume(recovered.JournalId!.Value, recovered.Epoch, recovered.EndLsn, recovered.DataBytes);
        ReceivedLsn = recovered.EndLsn;
    }

    /// <summary>End of the bytes stored here.</summary>
    public long ReceivedLsn { get; private set; }

    /// <summary>End of the last record applied.</summary>
    public long AppliedLsn => _reader.AppliedLsn;

    /// <summary>It follows its primary, and is not known to hold anything else.</summary>
    public bool IsInSync => _isSynced && !Differs;

    /// <summary>Its table is known to differ from its primary's at the same LSN: nobody is to be answered from it.</summary>
    public bool Differs => _repair.Differing > 0;

    public ReplicaRepair Repair => _repair;

    public string OutOfSyncReason { get; private set; } = "waiting for its primary";

    /// <returns>Whether the arguments made sense; a reply is written only then.</returns>
    public bool Handle(PeerSession session, in Command command, OutputBuffer output)
    {
        if (command.Verb == Verb.StartSync)
            return Start(session, output);
        if (session != _primary)
        {
            RespWriter.Error(output, "ERR send STARTSYNC first"u8);
            return true;
        }
        if (command.Verb is Verb.Digest or Verb.Compare or Verb.Mend)
            return _repair.Handle(command, output);
        if (!RespCursor.TryParse(command[command.Verb == Verb.FullSync ? 1 : 0], out long lsn))
            return false;
        switch (command.Verb)
        {
            case Verb.Pages:
                Pages(session, lsn, command[1], output);
                return true;
            case Verb.FullSync:
                CutTo(lsn, output);
                return true;
            case Verb.Surplus:
                return SendSurplus(session, lsn, command[1]);
            default:
                Done(lsn, output);
                return true;
        }
    }

    /// <summary>The tables were compared: <see cref="Differs"/> may have changed.</summary>
    public void Compared()
    {
        if (Differs)
        {
            OutOfSyncReason = $"{_repair.Differing} of {TableDigests.Buckets} parts of its table differ from its primary's";
            _effects.Report(CoreEvent.ReplicaOutOfSync, _node.Settings.Address, OutOfSyncReason);
            _node.CloseClusterSessions();
        }
        else if (OutOfSyncReason.Length > 0 && _isSynced)
        {
            OutOfSyncReason = "";
            _effects.Report(CoreEvent.ReplicaInSync, _node.Settings.Address, $"again at {AppliedLsn}");
        }
    }

    public void Forget(PeerSession session)
    {
        if (session != _primary)
            return;
        _primary = null;
        OutOfSync("waiting for its primary");
    }

    /// <summary>
    /// <c>STARTSYNC history lsn</c> → SYNCFROM page history lsn journal epochs, or bare SYNCFROM −1 when nothing is stored. The
    /// newest primary connection counts; one before it is dead, whether or not its end was seen.
    /// </summary>
    private bool Start(PeerSession session, OutputBuffer output)
    {
        if (_primary is { } older && older != session)
        {
            _effects.Report(CoreEvent.StaleSession, older.Channel.Peer, "replaced by a newer connection of the primary");
            _node.Abort(older);
        }
        _primary = session;
        OutOfSync("syncing");
        if (ReceivedLsn == 0)
        {
            RespWriter.Array(output, 2);
            RespWriter.Bulk(output, "SYNCFROM"u8);
            RespWriter.Bulk(output, -1L);
            return true;
        }
        RespWriter.Array(output, 6);
        RespWriter.Bulk(output, "SYNCFROM"u8);
        RespWriter.Bulk(output, (ReceivedLsn - 1) / Page.PageBytes);
        RespWriter.Bulk(output, Encoding.ASCII.GetBytes(_node.History.ToString()));
        RespWriter.Bulk(output, ReceivedLsn);
        RespWriter.Bulk(output, Encoding.ASCII.GetBytes(_reader.Id?.ToString() ?? ""));
        RespWriter.Bulk(output, Encoding.ASCII.GetBytes(
            string.Join(',', _data.History.TakeLast(NamedEpochs).Select(epoch => $"{epoch.History}:{epoch.StartLsn}"))));
        return true;
    }

    private void Pages(PeerSession session, long lsn, ReadOnlySpan<byte> bytes, OutputBuffer output)
    {
        if (lsn != ReceivedLsn)
        {
            Refuse(session, output, $"PAGES at {lsn}, but the journal here ends at {ReceivedLsn}");
            return;
        }
        if (_data.Table.UsedBytes > _node.Settings.MaxMemoryBytes)
        {
            _effects.Report(CoreEvent.OutOfMemory, _node.Settings.Address, "this replica cannot hold its primary's data");
            Refuse(session, output, "out of memory");
            return;
        }
        if (!_node.Journal.WriteReceived(lsn, bytes))
        {
            Refuse(session, output, $"journal failed: {_node.JournalFailure}");
            return;
        }
        ReceivedLsn += bytes.Length;
        var history = _node.History;
        _reader.Feed(bytes, _apply);
        if (_reader.Damage is { } damage)
        {
            Refuse(session, output, $"the received journal does not verify: {damage}");
            CutTo(_data.History.Count > 0 ? AppliedLsn : 0, null);
            return;
        }
        if (_node.History != history)
            _node.CloseClusterSessions();
        RespWriter.Integer(output, AppliedLsn);
    }

    /// <summary>
    /// <c>FULLSYNC history lsn</c>: what is stored from here on is not part of the primary's history; it goes, and pages follow from
    /// that point. At 0 everything goes.
    /// </summary>
    private void CutTo(long lsn, OutputBuffer? output)
    {
        if (lsn < 0 || lsn > ReceivedLsn)
        {
            if (output is not null)
                RespWriter.Error(output, Encoding.ASCII.GetBytes($"ERR cannot cut at {lsn}: the journal here ends at {ReceivedLsn}"));
            return;
        }
        _node.Journal.Cut(lsn);
        _reader = lsn == 0 ? new JournalReader(null, 0) : JournalReader.Resume(_reader.Id!.Value, EpochAt(lsn), lsn);
        ReceivedLsn = lsn;
        if (lsn == 0)
            _data.Clear();
        else
            _data.ForgetHistoryFrom(lsn);
        _node.CloseClusterSessions();
        if (output is not null)
            RespWriter.Integer(output, lsn);
    }

    private bool SendSurplus(PeerSession session, long lsn, ReadOnlySpan<byte> limit)
    {
        if (!RespCursor.TryParse(limit, out long maxBytes) || maxBytes < 1)
            return false;
        session.Channel.IsReadingPaused = true;
        _effects.ReadJournal(session, lsn, (int)Math.Min(maxBytes, MaxSurplusBytes));
        return true;
    }

    private void Done(long lsn, OutputBuffer output)
    {
        if (lsn != AppliedLsn)
        {
            RespWriter.Error(output, Encoding.ASCII.GetBytes($"ERR DONESYNC at {lsn}, but {AppliedLsn} is applied here"));
            return;
        }
        _isSynced = true;
        OutOfSyncReason = "";
        _effects.Report(CoreEvent.ReplicaInSync, _node.Settings.Address, $"at {lsn}");
        RespWriter.Simple(output, "OK synced"u8);
    }

    private uint EpochAt(long lsn)
    {
        var number = _data.History[0].Number;
        foreach (var epoch in _data.History)
        {
            if (epoch.StartLsn < lsn)
                number = epoch.Number;
        }
        return number;
    }

    private void Refuse(PeerSession session, OutputBuffer output, string why)
    {
        OutOfSync(why);
        RespWriter.Error(output, Encoding.ASCII.GetBytes("ERR " + why));
        _node.CloseAfterReply(session);
    }

    private void OutOfSync(string why)
    {
        if (IsInSync)
            _effects.Report(CoreEvent.ReplicaOutOfSync, _node.Settings.Address, why);
        _isSynced = false;
        OutOfSyncReason = why;
    }
}
