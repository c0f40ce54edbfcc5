using System.Text;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Node.Replication;
using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Node;

/// <summary>
/// The replica's side of replication: which primary connection counts, and whether this replica is in sync. Catching up and
/// following live are the same stream.
/// </summary>
internal sealed class ReplicaSync
{
    private readonly NodeCore _node;
    private readonly NodeData _data;
    private readonly INodeEffects _effects;
    private readonly ReceivedJournal _journal;
    private PeerSession? _primary;
    private bool _isSynced;

    public ReplicaSync(NodeCore node, NodeData data, NodeRecovery recovered, INodeEffects effects)
    {
        _node = node;
        _data = data;
        _effects = effects;
        _journal = new ReceivedJournal(node, data, recovered);
        Repair = new ReplicaRepair(data, this);
        Checkpoint = new CheckpointTaking(node, data, effects);
    }

    /// <summary>End of the bytes stored here.</summary>
    public long ReceivedLsn => _journal.EndLsn;

    /// <summary>End of the last record applied.</summary>
    public long AppliedLsn => _journal.AppliedLsn;

    /// <summary>It follows its primary, and is not known to hold anything else.</summary>
    public bool IsInSync => _isSynced && !Differs;

    public string OutOfSyncReason { get; private set; } = "waiting for its primary";

    /// <summary>Its table is known to differ from its primary's at the same LSN: nobody is to be answered from it.</summary>
    public bool Differs => Repair.Differing > 0;

    /// <summary>What is held is a state that the primary had at some LSN, or will have when the journal is applied further.</summary>
    public bool MayBeRead => ReceivedLsn > 0 && !Differs && !Checkpoint.IsOn;

    public ReplicaRepair Repair { get; }

    public CheckpointTaking Checkpoint { get; }

    /// <summary>Where the journal could be gone on with; nowhere while it starts over from a checkpoint.</summary>
    public JournalPosition Position => Checkpoint.IsBusy ? default : _journal.Position;

    /// <returns>Whether the arguments made sense; a reply is written only then.</returns>
    public bool Handle(PeerSession session, in Command command, OutputBuffer output)
    {
        if (command.Verb == Verb.StartSync)
        {
            Start(session, output);
            return true;
        }
        if (session == _primary)
            return Understands(session, command, output);
        RespWriter.Error(output, "ERR send STARTSYNC first"u8);
        return true;
    }

    /// <summary>The tables were compared: <see cref="Differs"/> may have changed.</summary>
    public void Compared()
    {
        if (Differs)
        {
            OutOfSyncReason = $"{Repair.Differing} of {TableDigests.Buckets} parts of its table differ from its primary's";
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
        GiveUpCheckpoint();
        OutOfSync("waiting for its primary");
    }

    /// <summary>After a batch's bytes are in journal and table.</summary>
    public void EndBatch() => Checkpoint.EndBatch();

    /// <summary>The primary's checkpoint could not be written here: nothing can be kept of it.</summary>
    public void CheckpointFailed(string why)
    {
        if (!Checkpoint.Failed())
            return;
        _effects.Report(CoreEvent.CheckpointFailed, _node.Settings.Address, why);
        if (_primary is { } session)
            _node.Abort(session);
    }

    private bool Understands(PeerSession session, in Command command, OutputBuffer output)
    {
        switch (command.Verb)
        {
            case Verb.Digest or Verb.Compare or Verb.Mend:
                return Repair.Handle(command, output);
            case Verb.Surplus:
                return new SurplusServing(_node, _effects, session).Begin(command, output);
            case Verb.Checkpoint:
                return TakeCheckpoint(session, command, output);
        }
        if (!RespCursor.TryParse(command[command.Verb == Verb.FullSync ? 1 : 0], out long lsn))
            return false;
        if (command.Verb == Verb.Pages)
            TakePages(session, lsn, command[1], output);
        else if (command.Verb == Verb.FullSync)
            CutTo(lsn, output);
        else
            Done(lsn, output);
        return true;
    }

    /// <summary>
    /// <c>STARTSYNC history lsn</c> → SYNCFROM page history lsn journal epochs, or bare SYNCFROM −1 when nothing is stored. The
    /// newest primary connection counts; one before it is dead, whether or not its end was seen.
    /// </summary>
    private void Start(PeerSession session, OutputBuffer output)
    {
        if (_primary is { } older && older != session)
        {
            _effects.Report(CoreEvent.StaleSession, older.Channel.Peer, "replaced by a newer connection of the primary");
            _node.Abort(older);
        }
        _primary = session;
        GiveUpCheckpoint();
        OutOfSync("syncing");
        _journal.Describe(output);
    }

    /// <summary><c>PAGES lsn bytes</c> → :applied LSN, or 0 while a crash would still take all of it.</summary>
    private void TakePages(PeerSession session, long lsn, ReadOnlySpan<byte> bytes, OutputBuffer output)
    {
        var history = _node.History;
        var fence = _data.Fence;
        if (lsn != ReceivedLsn)
            Refuse(session, output, $"PAGES at {lsn}, but the journal here ends at {ReceivedLsn}");
        else if (Checkpoint.IsOn && Checkpoint.Header is null)
            Refuse(session, output, $"PAGES at {lsn}, but the checkpoint has not arrived");
        else if (IsFull())
            RefuseForSpace(session, output);
        else if (_journal.Take(bytes) is { } problem)
        {
            Refuse(session, output, problem);
        }
        else
        {
            RespWriter.Integer(output, Checkpoint.IsOn ? 0 : AppliedLsn);
            if (_node.History != history)
                _node.CloseClusterSessions();
            else if (_data.Fence != fence)
                _node.CloseClusterSessions(outrankedBy: _data.Fence);
        }
    }

    /// <summary>
    /// <c>CHECKPOINT lsn offset length bytes</c> → :bytes that are in the file here. At offset 0 everything held before goes: the
    /// journal will go on with the page that the LSN lies in.
    /// </summary>
    private bool TakeCheckpoint(PeerSession session, in Command command, OutputBuffer output)
    {
        if (!RespCursor.TryParse(command[0], out long lsn) || lsn < 0 || !RespCursor.TryParse(command[1], out long offset)
            || !RespCursor.TryParse(command[2], out long totalBytes))
            return false;
        if (offset == 0)
        {
            OutOfSync("starting over from its primary's checkpoint");
            _effects.Report(
                CoreEvent.ReplicaSyncing, _node.Settings.Address, $"starting over from the checkpoint at {lsn}, {totalBytes} bytes");
            Repair.Forget();
            Checkpoint.Begin(totalBytes);
            _journal.Reset(lsn - Page.OffsetOf(lsn));
            _node.CloseClusterSessions();
        }
        if (IsFull())
            RefuseForSpace(session, output);
        else if (Checkpoint.Take(session, offset, command[3]) is { } problem)
            Refuse(session, output, problem);
        else if (Checkpoint.Header is { } header)
            _journal.Resume(header);
        return true;
    }

    /// <summary>
    /// <c>FULLSYNC history lsn</c> → :lsn, or 0 when everything went. What is stored from there on is not part of the primary's history;
    /// pages follow from where the reply says. A checkpoint that holds some of what goes cannot be cut: it goes too.
    /// </summary>
    private void CutTo(long lsn, OutputBuffer output)
    {
        if (lsn < 0 || lsn > ReceivedLsn)
        {
            RespWriter.Error(output, Encoding.ASCII.GetBytes($"ERR cannot cut at {lsn}: the journal here ends at {ReceivedLsn}"));
            return;
        }
        if (lsn < _node.CheckpointEndLsn)
            lsn = 0;
        if (lsn == 0)
            Repair.Forget();
        _journal.Cut(lsn);
        _node.CloseClusterSessions();
        RespWriter.Integer(output, lsn);
    }

    /// <summary><c>DONESYNC lsn</c> → OK synced, or OK installing while a crash would still take all of it: ask again.</summary>
    private void Done(long lsn, OutputBuffer output)
    {
        if (lsn != AppliedLsn)
        {
            RespWriter.Error(output, Encoding.ASCII.GetBytes($"ERR DONESYNC at {lsn}, but {AppliedLsn} is applied here"));
            return;
        }
        if (Checkpoint.IsOn)
        {
            RespWriter.Simple(output, "OK installing"u8);
            return;
        }
        _isSynced = true;
        OutOfSyncReason = "";
        _effects.Report(CoreEvent.ReplicaInSync, _node.Settings.Address, $"at {lsn}");
        RespWriter.Simple(output, "OK synced"u8);
    }

    private bool IsFull() => _data.Table.UsedBytes > _node.Settings.MaxMemoryBytes;

    private void RefuseForSpace(PeerSession session, OutputBuffer output)
    {
        _effects.Report(CoreEvent.OutOfMemory, _node.Settings.Address, "this replica cannot hold its primary's data");
        Refuse(session, output, "out of memory");
    }

    /// <summary>Of a checkpoint that was not installed nothing counts: it begins anew with nothing.</summary>
    private void GiveUpCheckpoint()
    {
        if (!Checkpoint.IsOn)
            return;
        Checkpoint.Stop();
        _journal.Reset(0);
    }

    private void Refuse(PeerSession session, OutputBuffer output, string why)
    {
        OutOfSync(why);
        _primary = null; // so that the reason stands until it is back
        GiveUpCheckpoint();
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
