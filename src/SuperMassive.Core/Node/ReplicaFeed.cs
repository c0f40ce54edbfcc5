using SuperMassive.Core.Journal;
using SuperMassive.Core.Links;
using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Node;

/// <summary>
/// The primary's side of replication to one replica. A replica that is behind is fed from the journal file, never from a queue, so
/// that it costs bounded memory however slow it is; one that has caught up gets each batch as it is written.
/// </summary>
internal sealed class ReplicaFeed : PeerLink
{
    private const int ReadBytes = 256 << 10;

    /// <summary>Bytes under way without an acknowledgement.</summary>
    private const long WindowBytes = 4 << 20;

    private readonly NodeCore _node;
    private readonly INodeEffects _effects;
    private readonly Queue<Request> _requests = new();
    private JournalReader? _salvage;
    private RecordHandler? _salvageRecord;
    private long _commonLsn;
    private long _surplusEndLsn;
    private long _sentLsn;
    private long _receivedLsn;
    private long _salvaged;
    private bool _mustStartOver;

    /// <summary>There was no room for what this primary lost and the replica has.</summary>
    private bool _lacksRoom;
    private bool _isStreaming;
    private bool _isReading;
    private bool _doneSent;
    private bool _hasSettled;

    /// <summary>The replica holds all that the journal had then; once it has acknowledged the mark, all up to the mark's time.</summary>
    private long _heldMs = -1;
    private long _markLsn;
    private long _markMs = -1;

    public ReplicaFeed(NodeCore node, INodeEffects effects, PeerAddress peer, byte[] sharedKey)
        : base(effects, peer, sharedKey, PeerRole.Primary)
    {
        _node = node;
        _effects = effects;
    }

    /// <summary>
    /// Whether the replica was asked for what this primary may have lost, or could not be reached: before that the primary does
    /// not join a cluster.
    /// </summary>
    public bool HasSettled => _hasSettled || (WasTried && !IsReady && !_lacksRoom);

    /// <summary>What the replica has applied.</summary>
    public long AckedLsn { get; private set; }

    public bool IsInSync { get; private set; }

    public string LagText => IsReady ? $"{_node.EndLsn - AckedLsn} bytes" : $"down: {DownReason}";

    public FeedFigures Figures => new(
        new LinkFigures(Peer.Address, IsReplica: true, IsReady, _requests.Count, Reconnects), IsInSync, _node.EndLsn - AckedLsn, LagMs);

    private long LagMs => AckedLsn >= _node.EndLsn ? 0 : _node.NowMs - Math.Max(_heldMs, _node.NowMs - _node.UptimeMs);

    protected override long? OldestRequestMs => _requests.TryPeek(out var oldest) ? oldest.SentMs : null;

    /// <summary>The journal grew by <paramref name="bytes"/>; they are written.</summary>
    public void Appended(long lsn, ReadOnlySpan<byte> bytes)
    {
        if (AckedLsn >= lsn)
            SetMark(heldMs: NowMs);
        if (!_isStreaming || _isReading)
            return;
        if (lsn == _sentLsn && bytes.Length <= ReadBytes && _sentLsn - _receivedLsn < WindowBytes)
            SendPages(bytes);
        else
            ReadOn();
    }

    /// <summary>Bytes written behind have arrived in the file.</summary>
    public void Written()
    {
        if (_isStreaming)
            ReadOn();
    }

    /// <summary>Bytes of the journal file that were asked for.</summary>
    public void JournalRead(long lsn, ReadOnlySpan<byte> bytes)
    {
        _isReading = false;
        if (!_isStreaming || lsn != _sentLsn)
            return;
        if (!bytes.IsEmpty)
            SendPages(bytes);
        ReadOn();
    }

    protected override void OnReady()
    {
        Begin();
        var output = Channel!.Output;
        RespWriter.Array(output, 3);
        RespWriter.Bulk(output, "STARTSYNC"u8);
        RespWriter.Bulk(output, System.Text.Encoding.ASCII.GetBytes(_node.History.ToString()));
        RespWriter.Bulk(output, _node.WrittenLsn);
        Sent(RequestKind.StartSync, 0);
    }

    protected override void OnLost(string reason)
    {
        Begin();
        _hasSettled = !_lacksRoom;
    }

    protected override void SendPing()
    {
        RespWriter.Array(Channel!.Output, 1);
        RespWriter.Bulk(Channel.Output, "PING"u8);
        Sent(RequestKind.Ping, 0);
    }

    protected override int OnReply(ReadOnlySpan<byte> bytes)
    {
        if (!_requests.TryPeek(out var request))
            return Violation("a reply that nothing asked for");
        var reply = new RespCursor(bytes, 2 * ReadBytes + (1 << 20));
        if (reply.PeekType() == '-')
        {
            if (!reply.TryLine('-', out var error))
                return reply.Status == RespStatus.Incomplete ? 0 : Violation("a malformed reply");
            RefuseReplica(PeerText.Of(error));
            return reply.Consumed;
        }
        var understood = request.Kind switch
        {
            RequestKind.StartSync => OnSyncFrom(ref reply),
            RequestKind.Surplus => OnSurplus(ref reply),
            RequestKind.FullSync => OnCut(ref reply),
            RequestKind.Pages => OnApplied(ref reply, request),
            RequestKind.DoneSync => OnSynced(ref reply),
            _ => OnPong(ref reply),
        };
        if (reply.Status == RespStatus.Incomplete)
            return 0;
        if (!understood || reply.Status == RespStatus.Malformed)
            return Violation($"a malformed reply to {request.Kind}");
        return reply.Consumed;
    }

    private void Begin()
    {
        _requests.Clear();
        _salvage = null;
        _isStreaming = _isReading = _doneSent = IsInSync = false;
    }

    private bool OnSyncFrom(ref RespCursor reply)
    {
        if (!reply.TryArray(out var count) || count is not (2 or 6)
            || !reply.TryBulk(out var word, out _) || !word.SequenceEqual("SYNCFROM"u8) || !reply.TryBulk(out _, out _))
            return false;
        if (count == 2)
        {
            _requests.Dequeue();
            StreamFrom(0);
            return true;
        }
        if (!reply.TryBulk(out _, out _) || !reply.TryBulk(out var lsnText, out _) || !reply.TryBulk(out var idText, out _)
            || !reply.TryBulk(out var epochsText, out _)
            || !RespCursor.TryParse(lsnText, out long lsn) || !JournalId.TryParse(System.Text.Encoding.ASCII.GetString(idText), out var id))
            return false;
        _requests.Dequeue();
        if (id == _node.Journal.Id)
            Continue(CommonHistory.Find(_node.Data.History, _node.EndLsn, epochsText, lsn), lsn);
        else if (_node.Data.HighestVersion == Version.None)
            TakeBack(0, lsn);
        else
            RefuseReplica($"it holds the journal of another primary ({id}): empty its data directory to let it follow this one");
        return true;
    }

    /// <summary>Up to <paramref name="commonLsn"/> both journals are the same bytes; the replica's goes on to <paramref name="lsn"/>.</summary>
    private void Continue(long commonLsn, long lsn)
    {
        if (lsn == commonLsn)
            StreamFrom(lsn);
        else
            TakeBack(commonLsn, lsn);
    }

    /// <summary>
    /// The replica has what this primary lost (an unsynced tail, or its disk): takes it back by version before the replica is cut
    /// to the common point.
    /// </summary>
    private void TakeBack(long commonLsn, long endLsn)
    {
        Effects.Report(CoreEvent.ReplicaSyncing, Peer.Address, $"taking back its journal from {commonLsn} to {endLsn}");
        var fromLsn = commonLsn - commonLsn % Page.PageBytes;
        _commonLsn = commonLsn;
        _surplusEndLsn = endLsn;
        _salvaged = 0;
        _mustStartOver = _lacksRoom = false;
        _salvage = new JournalReader(commonLsn == 0 ? null : _node.Journal.Id, fromLsn, _node.SegmentPages);
        _salvageRecord = Salvage;
        AskSurplus();
    }

    private void AskSurplus()
    {
        var output = Channel!.Output;
        RespWriter.Array(output, 3);
        RespWriter.Bulk(output, "SURPLUS"u8);
        RespWriter.Bulk(output, _salvage!.FedLsn);
        RespWriter.Bulk(output, (long)ReadBytes);
        Sent(RequestKind.Surplus, 0);
    }

    private bool OnSurplus(ref RespCursor reply)
    {
        if (!reply.TryBulk(out var bytes, out var isNull) || isNull)
            return false;
        _requests.Dequeue();
        _salvage!.Feed(bytes, _salvageRecord!);
        if (bytes.IsEmpty || _salvage.FedLsn >= _surplusEndLsn || _salvage.Damage is not null)
            Cut();
        else
            AskSurplus();
        return true;
    }

    private void Salvage(in Record record, long endLsn)
    {
        if (endLsn <= _commonLsn || record.Kind is RecordKind.Epoch or RecordKind.Checkpoint)
            return;
        if (!_node.Data.IsNews(record))
            return;
        if (record.Kind == RecordKind.Put && record.Version <= _node.Data.PurgedThrough)
        {
            _mustStartOver = true; // it may have been deleted, and the deletion forgotten, while the replica was away
            return;
        }
        if (!_node.Journal.HasRoomFor(record, RecordUse.Upkeep))
        {
            _lacksRoom = true;
            return;
        }
        _node.Commit(record);
        _salvaged++;
    }

    /// <summary>A replica that holds what was not taken back begins anew, because cutting its journal does not cut its table.</summary>
    private void Cut()
    {
        if (_lacksRoom)
        {
            RefuseReplica("journal disk full: it holds what this primary lost, and there is no room to take it back");
            return;
        }
        if (_mustStartOver || _salvage!.Damage is not null)
            _commonLsn = 0;
        if (_salvaged > 0)
            _node.CloseClusterSessions(); // a cluster that has joined must look again at what is here
        Effects.Report(CoreEvent.ReplicaSyncing, Peer.Address, $"took back {_salvaged} records, cutting it to {_commonLsn}");
        _salvage = null;
        var output = Channel!.Output;
        RespWriter.Array(output, 3);
        RespWriter.Bulk(output, "FULLSYNC"u8);
        RespWriter.Bulk(output, System.Text.Encoding.ASCII.GetBytes(_node.History.ToString()));
        RespWriter.Bulk(output, _commonLsn);
        Sent(RequestKind.FullSync, 0);
    }

    private bool OnCut(ref RespCursor reply)
    {
        if (!reply.TryInteger(out var lsn) || lsn != _commonLsn)
            return false;
        _requests.Dequeue();
        StreamFrom(lsn);
        return true;
    }

    private void StreamFrom(long lsn)
    {
        Effects.Report(CoreEvent.ReplicaSyncing, Peer.Address, $"from {lsn} to {_node.EndLsn}");
        _sentLsn = _receivedLsn = AckedLsn = lsn;
        _isStreaming = true;
        _hasSettled = true;
        ReadOn();
    }

    private void ReadOn()
    {
        if (_isReading || _sentLsn - _receivedLsn >= WindowBytes)
            return;
        if (_sentLsn >= _node.WrittenLsn)
        {
            if (!_doneSent)
                SendDone();
            return;
        }
        _isReading = true;
        _effects.ReadJournal(this, _sentLsn, (int)Math.Min(ReadBytes, _node.WrittenLsn - _sentLsn));
    }

    private void SendPages(ReadOnlySpan<byte> bytes)
    {
        var output = Channel!.Output;
        RespWriter.Array(output, 3);
        RespWriter.Bulk(output, "PAGES"u8);
        RespWriter.Bulk(output, _sentLsn);
        RespWriter.Bulk(output, bytes);
        _sentLsn += bytes.Length;
        Sent(RequestKind.Pages, _sentLsn);
    }

    private bool OnApplied(ref RespCursor reply, Request request)
    {
        if (!reply.TryInteger(out var lsn) || lsn > request.EndLsn)
            return false;
        _requests.Dequeue();
        _receivedLsn = request.EndLsn;
        AckedLsn = Math.Max(AckedLsn, lsn); // less, while a record that had begun before this connection is not whole
        MoveMark();
        _node.FeedAdvanced();
        ReadOn();
        return true;
    }

    private void MoveMark()
    {
        if (AckedLsn >= _markLsn)
            SetMark(heldMs: _markMs);
    }

    private void SetMark(long heldMs)
    {
        _heldMs = heldMs;
        _markLsn = _node.EndLsn;
        _markMs = NowMs;
    }

    private void SendDone()
    {
        _doneSent = true;
        var output = Channel!.Output;
        RespWriter.Array(output, 2);
        RespWriter.Bulk(output, "DONESYNC"u8);
        RespWriter.Bulk(output, _sentLsn);
        Sent(RequestKind.DoneSync, _sentLsn);
    }

    private bool OnSynced(ref RespCursor reply)
    {
        if (!reply.TryLine('+', out var text) || !text.SequenceEqual("OK synced"u8))
            return false;
        _requests.Dequeue();
        IsInSync = true;
        Effects.Report(CoreEvent.ReplicaInSync, Peer.Address, $"at {AckedLsn}");
        return true;
    }

    private bool OnPong(ref RespCursor reply)
    {
        if (!reply.TryLine('+', out _))
            return false;
        _requests.Dequeue();
        return true;
    }

    private void RefuseReplica(string why) => Refuse(CoreEvent.ReplicaRefused, why);

    private void Sent(RequestKind kind, long endLsn) => _requests.Enqueue(new Request(kind, NowMs, endLsn));

    private enum RequestKind : byte
    {
        StartSync,
        Surplus,
        FullSync,
        Pages,
        DoneSync,
        Ping,
    }

    private readonly record struct Request(RequestKind Kind, long SentMs, long EndLsn);
}
