using SuperMassive.Core.Journal;
using SuperMassive.Core.Links;
using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Node;

/// <summary>
/// A node: a primary, or a replica, which is a node whose writes come from its primary's journal. The only place where data
/// changes.
/// </summary>
/// <remarks>
/// One write funnel: every mutation becomes one record with its result and version, and that record goes to the table, to the
/// journal and to every replica, in that order (<see cref="Commit"/>, <see cref="EndBatch"/>).
/// </remarks>
public sealed class NodeCore : IStateMachine
{
    private readonly INodeEffects _effects;
    private readonly NodeData _data;
    private readonly JournalWriter _journal;
    private readonly ReplyGate _gate = new();
    private readonly NodeReads _reads;
    private readonly NodeWrites _writes;
    private readonly NodeJoins _joins;
    private readonly ReplicaSync? _sync;
    private readonly List<ReplicaFeed> _feeds = [];
    private readonly HashSet<PeerSession> _sessions = [];
    private readonly List<PeerSession> _touched = [];
    private NodeSettings _settings;
    private Reload? _reload;
    private NodeSettings? _checked;
    private string? _journalFailure;
    private long _writtenLsn;
    private long _syncedLsn;
    private long _syncingLsn = -1;
    private long _nextSyncMs;
    private long _nextCheckMs;
    private long _nowMs;
    private long _startedMs = -1;
    private bool _draining;
    private bool _isMissing;
    private readonly CommandMeter _meter = new();

    public NodeCore(NodeSettings settings, NodeRecovery recovered, INodeEffects effects)
    {
        _settings = settings;
        _effects = effects;
        _data = recovered.Data;
        var id = recovered.JournalId ?? NewJournalId();
        _journal = JournalWriter.Resume(id, recovered.Epoch, recovered.EndLsn, recovered.DataBytes);
        _writtenLsn = recovered.EndLsn; // what of it is on the disk only the first fsync can tell
        _reads = new NodeReads(_data, this);
        _writes = new NodeWrites(_data, this);
        _joins = new NodeJoins(_data, this, effects);
        if (settings.IsReplica)
            _sync = new ReplicaSync(this, _data, recovered, effects);
        else
            BeginEpoch(recovered);
        ConfigureFeeds();
    }

    internal NodeSettings Settings => _settings;

    internal JournalWriter Journal => _journal;

    /// <summary>Where the next record will stand: on a primary the end of its own journal, on a replica of what it received.</summary>
    internal long EndLsn => _sync?.ReceivedLsn ?? _journal.EndLsn;

    /// <summary>What a reply may claim to include.</summary>
    internal long AppliedLsn => _sync?.AppliedLsn ?? _journal.EndLsn;

    internal long WrittenLsn => _writtenLsn;

    internal long SyncedLsn => _syncedLsn;

    internal HistoryId History => _data.History.Count > 0 ? _data.History[^1].History : default;

    internal IReadOnlyList<ReplicaFeed> Feeds => _feeds;

    internal long NowMs => _nowMs;

    internal long UptimeMs => _nowMs - _startedMs;

    internal int ConnectionCount => _sessions.Count;

    internal string? JournalFailure => _journalFailure;

    /// <summary>The journal failed, and the table shows more than the journal will ever hold.</summary>
    internal bool ShowsUnkept { get; private set; }

    internal ReplicaSync? Sync => _sync;

    internal JournalFileStatus JournalFile => _effects.JournalFileStatus;

    public NodeData Data => _data;

    /// <summary>Why it should get no work now, or null.</summary>
    public string? Problem => _journalFailure is null ? null : $"the journal can no longer be written: {_journalFailure}";

    /// <summary>All figures of this moment, for another thread to read. Allocates.</summary>
    public NodeFigures Figures() => new()
    {
        Commands = _meter.Figures(),
        Replicas = [.. _feeds.Select(feed => feed.Figures)],
        IsReplica = _sync is not null,
        Connections = _sessions.Count,
        Keys = _data.Table.LiveCount,
        Tombstones = _data.Table.TombstoneCount,
        UsedBytes = _data.Table.UsedBytes,
        MaxBytes = _settings.MaxMemoryBytes,
        EndLsn = EndLsn,
        WrittenLsn = _writtenLsn,
        SyncedLsn = _syncedLsn,
        AppliedLsn = AppliedLsn,
        JournalFailure = _journalFailure,
        IsInSync = _sync?.IsInSync ?? true,
    };

    public bool IsDrained => _draining && _syncingLsn < 0 && (_syncedLsn >= EndLsn || _journalFailure is not null);

    public void BeginBatch(long unixMs, long monotonicMs)
    {
        _nowMs = monotonicMs;
        if (_startedMs < 0)
            _startedMs = monotonicMs;
        foreach (var feed in _feeds)
            feed.Tick(monotonicMs);
        if (monotonicMs < _nextCheckMs)
            return;
        _nextCheckMs = monotonicMs + 100;
        CloseTheUnauthenticated();
    }

    public void Accepted(Channel channel)
    {
        var session = new PeerSession(channel, _settings.IsReplica ? Port.Replica : Port.Node, _settings, _nowMs);
        channel.Owner = session;
        _sessions.Add(session);
    }

    public void Opened(Channel channel) => ((PeerLink)channel.Owner!).Opened();

    public void Closed(Channel channel, string reason)
    {
        if (channel.Owner is PeerLink link)
            link.Lost(reason);
        else if (channel.Owner is PeerSession session)
            Forget(session);
    }

    public int Received(Channel channel, ReadOnlySpan<byte> bytes)
    {
        if (channel.Owner is PeerLink link)
            return link.Received(bytes);

        var session = (PeerSession)channel.Owner!;
        _touched.Add(session);
        var total = 0;
        while (total < bytes.Length && !session.IsClosed && !channel.IsReadingPaused)
        {
            var status = session.Reader.Read(bytes[total..], out var command);
            total += command.ConsumedBytes;
            if (status == ReadStatus.Incomplete)
                break;
            var position = channel.Output.Written;
            _isMissing = false;
            if (status == ReadStatus.Command)
                Handle(session, command);
            else
                Reject(session, command, status == ReadStatus.Fatal);
            _meter.Count(command.Verb, channel.Output.IsErrorAt(position) ? CommandOutcome.Error
                : _isMissing ? CommandOutcome.NotFound : CommandOutcome.Ok);
        }
        return session.IsClosed ? bytes.Length : total;
    }

    /// <summary>
    /// Writes what this batch appended to the journal once, hands the same bytes to the replicas, and lets go the replies that
    /// have become true.
    /// </summary>
    public void EndBatch()
    {
        WriteJournal();
        foreach (var session in _touched)
        {
            if (!session.IsClosed)
                _gate.Hold(session, GateLsn(session));
        }
        _touched.Clear();
        RequestSync();
        Release();
    }

    /// <summary>What peers send from here on they get no answer to: under load there would be no end to it.</summary>
    public void BeginDrain()
    {
        _draining = true;
        foreach (var session in _sessions)
            session.Channel.IsReadingPaused = true;
    }

    /// <summary>Written-behind bytes arrived in the file.</summary>
    public void JournalWritten(long lsn)
    {
        _writtenLsn = Math.Max(_writtenLsn, lsn);
        foreach (var feed in _feeds)
            feed.Written();
    }

    /// <summary>Everything up to <paramref name="lsn"/> is on the disk.</summary>
    public void JournalSynced(long lsn)
    {
        _syncingLsn = -1;
        _syncedLsn = Math.Max(_syncedLsn, lsn);
    }

    /// <summary>
    /// A write or an fsync failed. What was not answered yet never will be: after a failed fsync nobody knows what the disk
    /// holds, so it is never retried. Reads go on unless the table shows what the journal did not keep: a cluster that met such a
    /// value would believe it, and drop another node's copy for one that the next restart forgets.
    /// </summary>
    public void JournalFailed(string why)
    {
        _syncingLsn = -1;
        if (_journalFailure is null)
        {
            _effects.Report(CoreEvent.JournalFailed, _settings.Address, why);
            ShowsUnkept = _journal.EndLsn > (_settings.JournalMode == JournalMode.Always ? _syncedLsn : _writtenLsn);
        }
        _journalFailure = why;
        _gate.Clear();
        foreach (var session in _sessions.ToArray())
        {
            session.Channel.Output.DropUnreleased();
            Abort(session);
        }
    }

    /// <summary>Answers ReadJournal.</summary>
    public void JournalRead(object reader, long lsn, ReadOnlySpan<byte> bytes)
    {
        if (reader is ReplicaFeed feed)
            feed.JournalRead(lsn, bytes);
        else if (reader is PeerSession { IsClosed: false } session)
            SendSurplus(session, bytes);
    }

    /// <summary>Answers LoadSettings: either new settings or what is wrong with the file.</summary>
    public void SettingsLoaded(NodeSettings? settings, string? error)
    {
        if (_reload is not { } reload)
            return;
        _reload = null;
        _checked = settings;
        if (reload.Session.IsClosed)
            return;
        _touched.Add(reload.Session);
        if (settings is null)
        {
            _effects.Report(CoreEvent.ConfigurationRejected, _settings.Address, error ?? "");
            RespWriter.Error(reload.Session.Channel.Output, System.Text.Encoding.UTF8.GetBytes("ERR " + error));
        }
        else
        {
            RespWriter.Simple(reload.Session.Channel.Output, "OK configuration is valid"u8);
        }
        reload.Session.Channel.IsReadingPaused = false;
    }

    /// <summary>The write funnel: the table, then the journal; replicas get the journal's bytes when the batch ends.</summary>
    internal void Commit(in Record record)
    {
        _data.Apply(record);
        _journal.Append(record);
    }

    /// <summary>A replica's journal, verbatim. Same effect and same failure as a primary's own write.</summary>
    /// <returns>Whether the bytes are written.</returns>
    internal bool WriteReceived(long lsn, ReadOnlySpan<byte> bytes)
    {
        if (_journalFailure is not null)
            return false;
        var written = _effects.WriteJournal(lsn, bytes);
        if (written < 0)
            return false;
        _writtenLsn = Math.Max(_writtenLsn, written);
        return true;
    }

    /// <summary>A replica's journal was cut or begins anew.</summary>
    internal void JournalCut(long lsn)
    {
        _effects.TruncateJournal(lsn);
        _writtenLsn = _syncedLsn = lsn;
    }

    /// <summary>What clusters were told has changed under them: they must join and ask again.</summary>
    internal void CloseClusterSessions()
    {
        foreach (var session in _sessions.Where(s => s.IsJoined).ToArray())
            Abort(session);
    }

    internal void Touch(PeerSession session) => _touched.Add(session);

    internal void Abort(PeerSession session)
    {
        if (session.IsClosed)
            return;
        session.Channel.Abort();
        Forget(session);
    }

    /// <summary>The replicas' side of the gate has moved.</summary>
    internal void FeedAdvanced() => Release();

    private void Handle(PeerSession session, in Command command)
    {
        var output = session.Channel.Output;
        if ((command.Row.Senders & Senders.Anyone) == 0 && !MayStand(session, command.Row, output))
            return;
        switch (command.Verb)
        {
            case Verb.Ping:
                Pong(session, output);
                break;
            case Verb.Quit:
                RespWriter.Simple(output, "OK see ya later"u8);
                CloseAfterReply(session);
                break;
            case Verb.Nauth:
                Authenticate(session, command, output);
                break;
            case Verb.Join:
                if (!_joins.Handle(session, command, output))
                    Misunderstood(session, command);
                break;
            case Verb.Put or Verb.Del or Verb.Add or Verb.Drop or Verb.Known or Verb.Purge:
                if (!_writes.Handle(command, output))
                    Misunderstood(session, command);
                break;
            case Verb.Rcnf:
                Reconfigure(session, command, output);
                break;
            case Verb.StartSync or Verb.Pages or Verb.DoneSync or Verb.FullSync or Verb.Surplus:
                if (!_sync!.Handle(session, command, output))
                    Misunderstood(session, command);
                break;
            default:
                if (!_reads.Handle(session, command, output))
                    Misunderstood(session, command);
                break;
        }
    }

    private void Pong(PeerSession session, OutputBuffer output)
    {
        Span<byte> text = stackalloc byte[32];
        "OK PONG "u8.CopyTo(text);
        System.Buffers.Text.Utf8Formatter.TryFormat(_syncedLsn, text[8..], out var digits);
        RespWriter.Simple(output, session.IsJoined ? text[..(8 + digits)] : "OK PONG"u8);
    }

    /// <summary>Line framing of replies is not offered between processes: whoever may send data commands speaks RESP.</summary>
    private bool MayStand(PeerSession session, CommandRow row, OutputBuffer output)
    {
        var allowed = session.Role switch
        {
            PeerRole.Cluster => (row.Senders & Senders.Cluster) != 0 && (session.IsJoined || row.Verb == Verb.Join),
            PeerRole.Primary => (row.Senders & Senders.Primary) != 0,
            _ => false,
        };
        if (!allowed)
            RespWriter.Error(output, session.Role == PeerRole.None ? "ERR not authenticated"u8 : "ERR not joined"u8);
        return allowed;
    }

    private void Authenticate(PeerSession session, in Command command, OutputBuffer output)
    {
        switch (session.Handshake.Received(command, output, _effects))
        {
            case HandshakeStep.Done:
                session.Reader.IsAuthenticated = true;
                break;
            case HandshakeStep.Failed:
                _effects.Report(CoreEvent.AuthenticationFailed, session.Channel.Peer, "wrong shared key");
                CloseAfterReply(session);
                break;
        }
    }

    /// <summary>
    /// RCNF in two steps, so that an invalid file changes nothing anywhere: CHECK reads and validates this process's file,
    /// APPLY swaps to what was checked.
    /// </summary>
    private void Reconfigure(PeerSession session, in Command command, OutputBuffer output)
    {
        if (command[0].SequenceEqual("CHECK"u8))
        {
            if (_reload is not null)
            {
                RespWriter.Error(output, "ERR another reload is under way"u8);
                return;
            }
            _reload = new Reload(session);
            session.Channel.IsReadingPaused = true;
            _effects.LoadSettings();
        }
        else if (command[0].SequenceEqual("APPLY"u8) && _checked is { } settings)
        {
            _checked = null;
            _settings = settings with { Address = _settings.Address, SharedKey = _settings.SharedKey };
            ConfigureFeeds();
            _effects.Report(CoreEvent.ConfigurationReloaded, _settings.Address, "");
            RespWriter.Simple(output, "OK configs reloaded"u8);
        }
        else
        {
            RespWriter.Error(output, "ERR RCNF takes CHECK, then APPLY"u8);
        }
    }

    internal void ReplyValue(OutputBuffer output, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Version version)
    {
        RespWriter.Array(output, 4);
        RespWriter.Bulk(output, key);
        RespWriter.Bulk(output, value);
        RespWriter.Integer(output, version.Value);
        RespWriter.Integer(output, AppliedLsn);
    }

    internal void ReplyNoValue(OutputBuffer output, ReadOnlySpan<byte> key, Version version)
    {
        _isMissing = true;
        RespWriter.Array(output, 4);
        RespWriter.Bulk(output, key);
        RespWriter.Null(output);
        RespWriter.Integer(output, version.Value);
        RespWriter.Integer(output, AppliedLsn);
    }

    private void Reject(PeerSession session, in Command command, bool isFatal)
    {
        _effects.Report(CoreEvent.ProtocolViolation, session.Channel.Peer, PeerText.Of(command.Error));
        ReplyWriter.Error(session.Channel.Output, command.Framing, command.Error);
        if (isFatal)
            CloseAfterReply(session);
    }

    /// <summary>A peer that proved the shared key and still talks nonsense is not trusted with another word.</summary>
    private void Misunderstood(PeerSession session, in Command command)
    {
        _effects.Report(CoreEvent.ProtocolViolation, session.Channel.Peer, $"{command.Row.Name} with an argument that is not a number");
        RespWriter.Error(session.Channel.Output, System.Text.Encoding.ASCII.GetBytes($"ERR malformed {command.Row.Name}"));
        CloseAfterReply(session);
    }

    internal void CloseAfterReply(PeerSession session)
    {
        session.Channel.Output.Release(session.Channel.Output.Written);
        session.Channel.Close();
        Forget(session);
    }

    private void Forget(PeerSession session)
    {
        session.IsClosed = true;
        _sessions.Remove(session);
        _sync?.Forget(session);
    }

    private void CloseTheUnauthenticated()
    {
        List<PeerSession>? late = null;
        foreach (var session in _sessions)
        {
            if (session.Role == PeerRole.None && _nowMs >= session.DeadlineMs)
                (late ??= []).Add(session);
        }
        if (late is null)
            return;
        foreach (var session in late)
        {
            RespWriter.Error(session.Channel.Output, "ERR authentication timeout"u8);
            CloseAfterReply(session);
        }
    }

    private void WriteJournal()
    {
        var bytes = _journal.Unwritten;
        if (_sync is not null || bytes.IsEmpty || _journalFailure is not null)
            return;
        var lsn = _journal.EndLsn - bytes.Length;
        var written = _effects.WriteJournal(lsn, bytes);
        if (written < 0)
            return;
        _writtenLsn = Math.Max(_writtenLsn, written);
        foreach (var feed in _feeds)
            feed.Appended(lsn, bytes);
        _journal.MarkWritten(_journal.EndLsn);
    }

    private void RequestSync()
    {
        if (_syncingLsn >= 0 || _syncedLsn >= _writtenLsn || _journalFailure is not null)
            return;
        if (_settings.JournalMode != JournalMode.Always && _nowMs < _nextSyncMs && !_draining)
            return;
        _nextSyncMs = _nowMs + _settings.SyncIntervalMs;
        _syncingLsn = _writtenLsn;
        _effects.SyncJournal();
    }

    /// <summary>What is said before JOIN tells nothing of the data, and must not wait for it.</summary>
    private long GateLsn(PeerSession session) => session.IsJoined ? _journal.EndLsn : 0;

    private void Release()
    {
        // a node whose journal failed takes no writes: what it still shows depends on nothing to come
        var lsn = _sync is not null || _journalFailure is not null ? long.MaxValue : _settings.JournalMode switch
        {
            JournalMode.Async => long.MaxValue,
            JournalMode.Written => _writtenLsn,
            _ => _syncedLsn,
        };
        if (_settings.ReplicaAcks > 0 && lsn != long.MaxValue)
            lsn = Math.Min(lsn, AckedBy(_settings.ReplicaAcks));
        _gate.ReleaseThrough(lsn);
    }

    /// <returns>The LSN that at least <paramref name="count"/> replicas have applied.</returns>
    private long AckedBy(int count)
    {
        if (count > _feeds.Count)
            return -1;
        Span<long> acked = stackalloc long[_feeds.Count];
        for (var i = 0; i < _feeds.Count; i++)
            acked[i] = _feeds[i].AckedLsn;
        acked.Sort();
        return acked[^count];
    }

    /// <summary>Every start of a primary opens an epoch, so that two histories of one journal can be told apart.</summary>
    private void BeginEpoch(NodeRecovery recovered)
    {
        Span<byte> random = stackalloc byte[HistoryId.Bytes];
        _effects.FillRandom(random);
        var number = recovered.Epoch + 1;
        _journal.BeginEpoch(number);
        var epoch = new EpochRecord(number, HistoryId.Read(random), recovered.EndLsn, History);
        Span<byte> payload = stackalloc byte[EpochRecord.Bytes];
        epoch.Write(payload);
        Commit(new Record(RecordKind.Epoch, Version.None, default, payload));
    }

    internal void CommitFence(FenceRecord fence)
    {
        Span<byte> payload = stackalloc byte[FenceRecord.Bytes];
        fence.Write(payload);
        Commit(new Record(RecordKind.Fence, Version.None, default, payload));
    }

    private JournalId NewJournalId()
    {
        Span<byte> random = stackalloc byte[JournalId.Bytes];
        _effects.FillRandom(random);
        return JournalId.Read(random);
    }

    private void ConfigureFeeds()
    {
        foreach (var feed in _feeds.ToArray())
        {
            var configured = _settings.Replicas.FirstOrDefault(peer => peer.Address == feed.Peer.Address);
            if (configured is not null)
            {
                feed.Reconfigure(configured);
                continue;
            }
            feed.Stop("removed from the configuration");
            _feeds.Remove(feed);
        }
        foreach (var peer in _settings.Replicas)
        {
            if (!_feeds.Exists(feed => feed.Peer.Address == peer.Address))
                _feeds.Add(new ReplicaFeed(this, _effects, peer, _settings.SharedKey));
        }
        foreach (var feed in _feeds)
            feed.HealthCheckIntervalMs = _settings.HealthCheckIntervalMs;
    }

    private void SendSurplus(PeerSession session, ReadOnlySpan<byte> bytes)
    {
        RespWriter.Bulk(session.Channel.Output, bytes);
        Touch(session);
        session.Channel.IsReadingPaused = false;
    }

    private sealed record Reload(PeerSession Session);
}
