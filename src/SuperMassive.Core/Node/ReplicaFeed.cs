using System.Text;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Links;
using SuperMassive.Core.Node.Replication;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Node;

/// <summary>
/// The primary's side of replication to one replica: which of its rooms has the word, and what the replica answered to whom.
/// First what the replica has and the primary lost is taken back, then the journal flows, then the tables are compared.
/// </summary>
internal sealed class ReplicaFeed : PeerLink, ICheckpointReceiver
{
    /// <summary>A replica that still puts its checkpoint on its disk is asked again after this time whether it is in sync.</summary>
    private const int AskDoneAgainMs = 50;

    private readonly NodeCore _node;
    private readonly Queue<FeedRequest> _requests = new();
    private readonly SurplusTaking _surplus;
    private readonly CheckpointSending _checkpoint;
    private readonly PageStream _pages;
    private readonly ReplicaLag _lag;
    private readonly TableComparison _comparison;
    private bool _hasSettled;
    private bool _isSynced;
    private long _askDoneMs = long.MaxValue;
    private PendingCut? _cut;

    public ReplicaFeed(NodeCore node, INodeEffects effects, PeerAddress peer, byte[] sharedKey)
        : base(effects, peer, sharedKey, PeerRole.Primary)
    {
        _node = node;
        _surplus = new SurplusTaking(this, node);
        _checkpoint = new CheckpointSending(this, effects);
        _pages = new PageStream(this, node, effects);
        _lag = new ReplicaLag(node);
        _comparison = new TableComparison(this, node);
    }

    /// <summary>
    /// Whether the replica was asked for what this primary may have lost, or could not be reached: before that the primary does
    /// not join a cluster.
    /// </summary>
    public bool HasSettled => _hasSettled || (WasTried && !IsReady && !_surplus.LacksRoom);

    /// <summary>What the replica has applied.</summary>
    public long AckedLsn => _pages.AckedLsn;

    /// <summary>The first byte of the journal that the replica may still ask for; 0 while nobody knows.</summary>
    public long NeededLsn => _pages.NeededLsn;

    /// <summary>It has caught up, follows, and is not known to hold anything else than the primary.</summary>
    public bool IsInSync => _isSynced && !_comparison.Differs;

    public ComparisonFigures Comparison => _comparison.Figures;

    public string LagText => IsReady ? $"{LagBytes} bytes" : $"down: {DownReason}";

    public long LagBytes => _node.EndLsn - AckedLsn;

    public long LagMs => _lag.Ms(AckedLsn);

    public FeedFigures Figures => new(
        new LinkFigures(Peer.Address, IsReplica: true, IsReady, _requests.Count, Reconnects), IsInSync, LagBytes, LagMs)
    {
        Comparison = Comparison,
    };

    protected override long? OldestRequestMs => _requests.TryPeek(out var oldest) ? oldest.SentMs : null;

    /// <summary>The journal grew by <paramref name="bytes"/>; they are written.</summary>
    public void Appended(long lsn, ReadOnlySpan<byte> bytes)
    {
        _lag.Appended(lsn, AckedLsn);
        _pages.Appended(lsn, bytes);
    }

    /// <summary>Bytes written behind have arrived in the file.</summary>
    public void Written() => _pages.Written();

    /// <summary>Bytes of the journal file that were asked for.</summary>
    public void JournalRead(long lsn, ReadOnlySpan<byte> bytes) => _pages.JournalRead(lsn, bytes);

    /// <inheritdoc/>
    public void CheckpointRead(long checkpointLsn, long offset, ReadOnlySpan<byte> bytes, long totalBytes) =>
        _checkpoint.CheckpointRead(checkpointLsn, offset, bytes, totalBytes);

    /// <summary>A batch ended: table and journal are as of the same LSN.</summary>
    public void BatchEnded()
    {
        if (NowMs >= _askDoneMs)
        {
            _askDoneMs = long.MaxValue;
            _pages.AskDoneAgain();
        }
        if (_cut is { } cut && _node.SyncedLsn >= cut.TakenLsn)
            SendCut(cut.ToLsn);
        if (_pages.IsLive)
            _comparison.Continue();
    }

    /// <summary>
    /// The journal that the replica lacks is gone: it starts over from the newest checkpoint. On a new connection if it still has something
    /// to answer, since those answers would speak of what it is about to forget.
    /// </summary>
    public void SendCheckpoint()
    {
        _hasSettled = true;
        _pages.Stop();
        if (_requests.Count > 0)
            Drop("the journal that it lacks is gone");
        else
            _checkpoint.Start();
    }

    /// <summary>From now on the replica holds nothing, and will need the journal from <paramref name="neededLsn"/>.</summary>
    public void CheckpointBegun(long neededLsn, string detail)
    {
        Report(CoreEvent.ReplicaSyncing, detail);
        _pages.Forget(neededLsn);
    }

    /// <summary>The replica has all of the checkpoint; the journal follows from <paramref name="lsn"/>.</summary>
    public void CheckpointSent(long lsn)
    {
        Report(CoreEvent.ReplicaSyncing, $"from {lsn} to {_node.EndLsn}");
        _pages.Start(lsn, heldLsn: 0);
    }

    /// <summary>Begins a request: what it says is to be written to the buffer returned.</summary>
    /// <param name="endLsn">See <see cref="FeedRequest"/>.</param>
    public OutputBuffer Ask(FeedVerb verb, long endLsn = 0)
    {
        _requests.Enqueue(new FeedRequest(verb, NowMs, endLsn));
        return Channel!.Output;
    }

    /// <summary>The oldest request has its answer.</summary>
    public void Answered() => _requests.Dequeue();

    public void Report(CoreEvent what, string detail) => Effects.Report(what, Peer.Address, detail);

    public void RefuseReplica(string why) => Refuse(CoreEvent.ReplicaRefused, why);

    /// <summary>
    /// What lies behind <paramref name="lsn"/> was taken back; the replica is to forget it once it is on this disk: until then a power
    /// cut here would leave no copy.
    /// </summary>
    public void CutTo(long lsn) => _cut = new PendingCut(lsn, _node.EndLsn);

    protected override void OnReady()
    {
        Begin();
        var output = Ask(FeedVerb.StartSync);
        RespWriter.Array(output, 3);
        RespWriter.Bulk(output, "STARTSYNC"u8);
        RespWriter.Bulk(output, Encoding.ASCII.GetBytes(_node.History.ToString()));
        RespWriter.Bulk(output, _node.WrittenLsn);
    }

    protected override void OnLost(string reason)
    {
        Begin();
        _hasSettled = !_surplus.LacksRoom;
    }

    protected override void SendPing()
    {
        var output = Ask(FeedVerb.Ping);
        RespWriter.Array(output, 1);
        RespWriter.Bulk(output, "PING"u8);
    }

    protected override int OnReply(ReadOnlySpan<byte> bytes)
    {
        if (!_requests.TryPeek(out var request))
            return Violation("a reply that nothing asked for");
        var reply = new RespCursor(bytes, MaxReplyBytes(request.Verb));
        if (reply.PeekType() == '-')
        {
            if (!reply.TryLine('-', out var error))
                return reply.Status == RespStatus.Incomplete ? 0 : Violation("a malformed reply");
            RefuseReplica(PeerText.Of(error));
            return reply.Consumed;
        }
        var understood = request.Verb switch
        {
            FeedVerb.StartSync => OnSyncFrom(ref reply),
            FeedVerb.Surplus => _surplus.OnPages(ref reply),
            FeedVerb.SurplusCheckpoint => _surplus.OnCheckpoint(ref reply),
            FeedVerb.Checkpoint => _checkpoint.OnReply(ref reply, request.EndLsn),
            FeedVerb.FullSync => OnCut(ref reply, request),
            FeedVerb.Pages => OnApplied(ref reply, request),
            FeedVerb.DoneSync => OnSynced(ref reply, request),
            FeedVerb.Digest => _comparison.OnDigests(ref reply, request.EndLsn),
            FeedVerb.Compare => _comparison.OnEntries(ref reply, request.EndLsn),
            FeedVerb.Held => _comparison.OnHeld(ref reply),
            FeedVerb.Mend => _comparison.OnMended(ref reply),
            _ => OnPong(ref reply),
        };
        if (reply.Status == RespStatus.Incomplete)
            return 0;
        if (!understood || reply.Status == RespStatus.Malformed)
            return Violation($"a malformed reply to {request.Verb}");
        return reply.Consumed;
    }

    /// <summary>Replies are small, but for the journal and for a value that the replica holds.</summary>
    private int MaxReplyBytes(FeedVerb verb) => verb == FeedVerb.Held
        ? Math.Max(_node.Settings.Limits.ValueBytes, _node.Settings.Limits.KeyBytes)
        : 2 * PageStream.ReadBytes + (1 << 20);

    private void Begin()
    {
        _requests.Clear();
        _surplus.Stop();
        _checkpoint.Stop();
        _pages.Stop();
        _comparison.Stop();
        _isSynced = false;
        _askDoneMs = long.MaxValue;
        _cut = null;
    }

    private bool OnSyncFrom(ref RespCursor reply)
    {
        if (!reply.TryArray(out var count) || count is not (2 or 6)
            || !reply.TryBulk(out var word, out _) || !word.SequenceEqual("SYNCFROM"u8) || !reply.TryBulk(out _, out _))
            return false;
        if (count == 2)
        {
            Answered();
            StreamFrom(0);
            return true;
        }
        if (!reply.TryBulk(out _, out _) || !reply.TryBulk(out var lsnText, out _) || !reply.TryBulk(out var idText, out _)
            || !reply.TryBulk(out var epochsText, out _)
            || !RespCursor.TryParse(lsnText, out long lsn) || !JournalId.TryParse(Encoding.ASCII.GetString(idText), out var id))
            return false;
        Answered();
        if (id == _node.Journal.Id)
            Continue(CommonHistory.Find(_node.Data.History, _node.EndLsn, epochsText, lsn), lsn);
        else if (_node.Feeds.MayTakeOver(id))
            _surplus.Begin(0, lsn);
        else
            RefuseReplica($"it holds the journal of another primary ({id}): empty its data directory to let it follow this one");
        return true;
    }

    /// <summary>
    /// Up to <paramref name="commonLsn"/> both journals are the same bytes; the replica's goes on to <paramref name="lsn"/>.
    /// </summary>
    private void Continue(long commonLsn, long lsn)
    {
        if (lsn == commonLsn)
            StreamFrom(lsn);
        else
            _surplus.Begin(commonLsn, lsn);
    }

    private void SendCut(long lsn)
    {
        _cut = null;
        var output = Ask(FeedVerb.FullSync, lsn);
        RespWriter.Array(output, 3);
        RespWriter.Bulk(output, "FULLSYNC"u8);
        RespWriter.Bulk(output, Encoding.ASCII.GetBytes(_node.History.ToString()));
        RespWriter.Bulk(output, lsn);
    }

    private bool OnCut(ref RespCursor reply, FeedRequest request)
    {
        if (!reply.TryInteger(out var lsn) || (lsn != request.EndLsn && lsn != 0))
            return false;
        Answered();
        StreamFrom(lsn); // 0: a checkpoint there holds what was to be cut off
        return true;
    }

    private void StreamFrom(long lsn)
    {
        Report(CoreEvent.ReplicaSyncing, $"from {lsn} to {_node.EndLsn}");
        _hasSettled = true;
        _pages.Start(lsn, heldLsn: lsn);
    }

    private bool OnApplied(ref RespCursor reply, FeedRequest request)
    {
        if (!reply.TryInteger(out var lsn) || lsn > request.EndLsn)
            return false;
        Answered();
        _pages.OnApplied(request.EndLsn, lsn);
        _lag.Acknowledged(AckedLsn);
        _node.FeedAdvanced();
        return true;
    }

    private bool OnSynced(ref RespCursor reply, FeedRequest request)
    {
        if (!reply.TryLine('+', out var text))
            return false;
        if (text.SequenceEqual("OK installing"u8))
        {
            Answered();
            _askDoneMs = NowMs + AskDoneAgainMs;
            return true;
        }
        if (!text.SequenceEqual("OK synced"u8))
            return false;
        Answered();
        _pages.OnSynced(request.EndLsn);
        _lag.Acknowledged(AckedLsn);
        _node.FeedAdvanced();
        _isSynced = true;
        Report(CoreEvent.ReplicaInSync, $"at {AckedLsn}");
        _comparison.Start();
        return true;
    }

    private bool OnPong(ref RespCursor reply)
    {
        if (!reply.TryLine('+', out _))
            return false;
        Answered();
        return true;
    }

    /// <param name="ToLsn">What the replica keeps.</param>
    /// <param name="TakenLsn">The end of what was taken back from it.</param>
    private readonly record struct PendingCut(long ToLsn, long TakenLsn);
}
