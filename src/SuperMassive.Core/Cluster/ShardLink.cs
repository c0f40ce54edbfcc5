using SuperMassive.Core.Links;
using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>The cluster's link to one node or replica: requests are pipelined, replies matched first-in-first-out.</summary>
internal sealed class ShardLink : PeerLink
{
    /// <summary>A page of a SCAN is at most 8 MiB of entries, a value at most what the limits say.</summary>
    private const int MaxReplyBytes = 128 << 20;

    private readonly ClusterCore _core;
    private readonly Queue<LinkRequest> _requests = new();

    /// <summary>Versions of the deletions among the requests, in order.</summary>
    private readonly Queue<Version> _deletes = new();

    public ShardLink(ClusterCore core, Shard shard, PeerAddress peer, bool isReplica)
        : base(core.Effects, peer, core.Settings.SharedKey, PeerRole.Cluster)
    {
        _core = core;
        Shard = shard;
        IsReplica = isReplica;
    }

    public Shard Shard { get; }

    public bool IsReplica { get; }

    /// <summary>The epoch of the JOIN under way, or null.</summary>
    private long? _joiningEpoch;

    /// <summary>JOIN succeeded: it may be asked.</summary>
    public bool IsJoined { get; private set; }

    /// <summary>Joined, or tried in vain.</summary>
    public bool IsSettled => IsJoined || (WasTried && !IsReady);

    /// <summary>The peer's history, as of its JOIN; it closes the link when that changes.</summary>
    public string History { get; private set; } = "";

    /// <summary>It could not be reached when all others swapped to their new configuration files.</summary>
    public bool OwesReload { get; set; }

    public LinkFigures Figures => new(Peer.Address, IsReplica, IsJoined, _requests.Count, Reconnects);

    public Version? OldestDelete => _deletes.TryPeek(out var version) ? version : null;

    protected override long? OldestRequestMs => _requests.TryPeek(out var oldest) ? oldest.SentMs : null;

    private OutputBuffer Output => Channel!.Output;

    /// <summary>
    /// A reply has the right form and cannot be true: nothing that this peer says over this connection is believed any more.
    /// </summary>
    public void Distrust(string what)
    {
        Effects.Report(CoreEvent.ProtocolViolation, Peer.Address, what);
        Drop(what);
    }

    /// <summary>The cluster must not let this node in.</summary>
    public void Reject(string why) => Refuse(CoreEvent.NodeRefused, why);

    /// <summary>Says JOIN once both the link is up and the cluster's epoch is saved.</summary>
    public void TryJoin()
    {
        if (!IsReady || IsJoined || _joiningEpoch is not null || !_core.StateFile.MayJoin)
            return;
        _joiningEpoch = _core.State.Epoch;
        var output = Begin(4, "JOIN"u8);
        RespWriter.Bulk(output, _core.State.ClusterId);
        RespWriter.Bulk(output, _core.State.Epoch);
        RespWriter.Bulk(output, _core.NextSession());
        Sent(LinkRequestKind.Join);
    }

    public void Get(Operation operation)
    {
        RespWriter.Bulk(Begin("*2\r\n$3\r\nGET\r\n"u8), operation.Key);
        Sent(LinkRequestKind.Get, operation);
    }

    public void Put(Operation operation, ReadOnlySpan<byte> value)
    {
        var output = Begin("*4\r\n$3\r\nPUT\r\n"u8);
        RespWriter.Bulk(output, operation.Key);
        RespWriter.Bulk(output, value);
        RespWriter.Bulk(output, operation.Version.Value);
        Sent(LinkRequestKind.Put, operation);
    }

    public void Delete(Operation operation)
    {
        var output = Begin(3, "DEL"u8);
        RespWriter.Bulk(output, operation.Key);
        RespWriter.Bulk(output, operation.Version.Value);
        _deletes.Enqueue(operation.Version);
        Sent(LinkRequestKind.Delete, operation);
    }

    public void CopyTombstone(Admission admission, ReadOnlySpan<byte> key, ulong hash, Version version)
    {
        var output = Begin(3, "DEL"u8);
        RespWriter.Bulk(output, key);
        RespWriter.Bulk(output, version.Value);
        _requests.Enqueue(new LinkRequest(LinkRequestKind.CopyTombstone, null, admission, hash, NowMs));
    }

    public void Add(Operation operation)
    {
        var output = Begin("*5\r\n$3\r\nADD\r\n"u8);
        RespWriter.Bulk(output, operation.Key);
        RespWriter.Bulk(output, operation.Value);
        RespWriter.Bulk(output, operation.Expected.Value);
        RespWriter.Bulk(output, operation.Version.Value);
        Sent(LinkRequestKind.Add, operation);
    }

    public void Drop(ReadOnlySpan<byte> key, ulong hash, Version olderThan)
    {
        var output = Begin("*3\r\n$4\r\nDROP\r\n"u8);
        RespWriter.Bulk(output, key);
        RespWriter.Bulk(output, olderThan.Value);
        _requests.Enqueue(new LinkRequest(LinkRequestKind.Drop, null, null, hash, NowMs));
    }

    /// <summary>Has the node record that every deletion up to a version has reached it.</summary>
    public void Known(Admission? admission, Version through)
    {
        RespWriter.Bulk(Begin(2, "KNOWN"u8), through.Value);
        Sent(LinkRequestKind.Known, null, admission);
    }

    public void Purge(Version through)
    {
        RespWriter.Bulk(Begin(2, "PURGE"u8), through.Value);
        Sent(LinkRequestKind.Purge);
    }

    public void Scan(Operation operation, long id, ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> after, int count)
    {
        var output = Begin(5, "SCAN"u8);
        RespWriter.Bulk(output, id);
        RespWriter.Bulk(output, pattern);
        RespWriter.Bulk(output, after);
        RespWriter.Bulk(output, (long)count);
        Sent(LinkRequestKind.Scan, operation);
    }

    /// <summary>Asks for tombstones, or for live keys, with their versions in the order of key hashes.</summary>
    public void List(LinkRequestKind kind, Admission? admission, ulong cursor, int count)
    {
        var output = Begin(3, kind == LinkRequestKind.Tombstones ? "TOMBSTONES"u8 : "VERSIONS"u8);
        RespWriter.Bulk(output, cursor);
        RespWriter.Bulk(output, (long)count);
        Sent(kind, null, admission);
    }

    public void Statistics(Operation operation)
    {
        Begin(1, "STAT"u8);
        Sent(LinkRequestKind.Statistics, operation);
    }

    /// <param name="operation">Null for one that the peer missed.</param>
    public void Reload(Operation? operation, bool apply)
    {
        RespWriter.Bulk(Begin(2, "RCNF"u8), apply ? "APPLY"u8 : "CHECK"u8);
        Sent(apply ? LinkRequestKind.ApplySettings : LinkRequestKind.CheckSettings, operation);
    }

    /// <summary>A ping whose answer says how far the peer's journal is on disk.</summary>
    public void AskSynced()
    {
        if (IsJoined)
            SendPing();
    }

    protected override void SendPing()
    {
        Begin(1, "PING"u8);
        Sent(LinkRequestKind.Ping);
    }

    protected override void OnReady() => TryJoin();

    protected override void OnLost(string reason)
    {
        var wasJoined = IsJoined;
        IsJoined = false;
        _joiningEpoch = null;
        _deletes.Clear();
        _core.Members.LinkLost(this, wasJoined);
        while (_requests.TryDequeue(out var request))
            _core.Replies.OnRequestLost(this, request);
    }

    protected override int OnReply(ReadOnlySpan<byte> bytes)
    {
        if (!_requests.TryPeek(out var request))
            return Violation("a reply that nothing asked for");
        var cursor = new RespCursor(bytes, MaxReplyBytes);
        var reply = default(LinkReply);
        var understood = LinkReplyReader.TryRead(ref cursor, request.Kind, ref reply);
        if (cursor.Status == RespStatus.Incomplete)
            return 0;
        if (!understood || cursor.Status == RespStatus.Malformed)
            return Violation($"a malformed reply to {request.Kind}");
        if (!reply.Key.IsEmpty && !IsKeyOf(request, reply.Key))
            return Violation($"a reply to {request.Kind} for another key");

        _requests.Dequeue();
        if (request.Kind == LinkRequestKind.Delete)
            _deletes.Dequeue();
        if (request.Kind == LinkRequestKind.Join)
            Joined(reply);
        else if (request.Kind == LinkRequestKind.Ping)
            Ponged(reply.Text);
        else
            _core.Replies.OnReply(this, request, reply);
        return cursor.Consumed;
    }

    private bool IsKeyOf(in LinkRequest request, ReadOnlySpan<byte> key) =>
        request.Operation is { } operation ? operation.Key.SequenceEqual(key) : _core.HashOf(key) == request.KeyHash;

    /// <summary><c>OK PONG syncedLsn</c> to a peer that has joined, and <c>read-only</c> when it cannot write.</summary>
    private void Ponged(ReadOnlySpan<byte> text)
    {
        if (IsReplica)
            return;
        Shard.IsReadOnly = text.EndsWith(" read-only"u8);
        if (Shard.IsReadOnly)
            text = text[..^" read-only".Length];
        if (RespCursor.TryParse(text[(text.LastIndexOf((byte)' ') + 1)..], out long syncedLsn))
            Shard.SyncedLsn = syncedLsn;
    }

    private void Joined(in LinkReply reply)
    {
        var epoch = _joiningEpoch;
        _joiningEpoch = null;
        if (reply.IsError)
        {
            var reason = PeerText.Of(reply.Text);
            if (reason != DownReason)
                Effects.Report(CoreEvent.LinkRefused, Peer.Address, reason);
            Drop(reason, isKnown: true);
            return;
        }
        if (reply.Node is not { } node)
        {
            _core.StateFile.Refused(this, reply.StaleEpoch);
            return;
        }
        if (epoch != _core.State.Epoch)
        {
            TryJoin(); // another node made the epoch rise meanwhile
            return;
        }
        IsJoined = true;
        History = node.History;
        _core.Members.LinkJoined(this, node);
        if (IsJoined)
            _core.ReloadFlow.LinkJoined(this);
    }

    private OutputBuffer Begin(int count, ReadOnlySpan<byte> verb)
    {
        var output = Output;
        RespWriter.Array(output, count);
        RespWriter.Bulk(output, verb);
        return output;
    }

    /// <summary>The same for what is sent with every command of a client.</summary>
    /// <param name="head">The array's header and the verb.</param>
    private OutputBuffer Begin(ReadOnlySpan<byte> head)
    {
        var output = Output;
        output.Write(head);
        return output;
    }

    private void Sent(LinkRequestKind kind, Operation? operation = null, Admission? admission = null)
    {
        if (operation is not null)
            operation.Outstanding++;
        _requests.Enqueue(new LinkRequest(kind, operation, admission, operation?.Hash ?? 0, NowMs));
    }
}
