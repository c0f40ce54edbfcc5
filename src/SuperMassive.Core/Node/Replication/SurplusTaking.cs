using SuperMassive.Core.Journal;
using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Node.Replication;

/// <summary>
/// Takes back what a replica has and its primary lost (an unsynced tail, or its disk), record by record and by version, before
/// the replica is cut to the common point. Where the replica has let go of those pages, its checkpoint comes first.
/// </summary>
internal sealed class SurplusTaking(ReplicaFeed feed, NodeCore node)
{
    private JournalReader? _pages;
    private CheckpointReader? _checkpoint;
    private RecordHandler? _salvage;
    private long _checkpointLsn;
    private long _commonLsn;
    private long _endLsn;
    private long _taken;
    private bool _mustStartOver;

    /// <summary>There was no room for what this primary lost and the replica has.</summary>
    public bool LacksRoom { get; private set; }

    private long StartLsn => _commonLsn - Page.OffsetOf(_commonLsn);

    private JournalId? ExpectedId => _commonLsn == 0 ? null : node.Journal.Id;

    /// <param name="commonLsn">Up to here both journals are the same bytes.</param>
    /// <param name="endLsn">The replica's goes on to here.</param>
    public void Begin(long commonLsn, long endLsn)
    {
        feed.Report(CoreEvent.ReplicaSyncing, $"taking back its journal from {commonLsn} to {endLsn}");
        _commonLsn = commonLsn;
        _endLsn = endLsn;
        _taken = 0;
        _mustStartOver = LacksRoom = false;
        _salvage = Salvage;
        AskForCheckpoint(0, maxBytes: 1);
    }

    public void Stop()
    {
        _pages = null;
        _checkpoint = null;
    }

    /// <summary>Bytes of the replica's checkpoint, or, before any, only what it has.</summary>
    public bool OnCheckpoint(ref RespCursor reply)
    {
        if (!reply.TryArray(out var count) || count != 4 || !reply.TryInteger(out var firstLsn) || !reply.TryInteger(out var lsn)
            || !reply.TryInteger(out var totalBytes) || !reply.TryBulk(out var bytes, out var isNull) || isNull)
            return false;
        feed.Answered();
        if (_checkpoint is null && firstLsn <= StartLsn)
        {
            _pages = new JournalReader(ExpectedId, StartLsn, node.SegmentPages);
            AskForPages();
        }
        else if (totalBytes == 0)
            feed.RefuseReplica($"its journal begins at {firstLsn}, and it has no checkpoint of what was before");
        else if (_checkpoint is null || lsn != _checkpointLsn)
            BeginCheckpoint(lsn);
        else
            TakeCheckpoint(bytes, totalBytes);
        return true;
    }

    public bool OnPages(ref RespCursor reply)
    {
        if (!reply.TryBulk(out var bytes, out var isNull) || isNull)
            return false;
        feed.Answered();
        _pages!.Feed(bytes, _salvage!);
        if (bytes.IsEmpty || _pages.FedLsn >= _endLsn || _pages.Damage is not null)
            End();
        else
            AskForPages();
        return true;
    }

    private void BeginCheckpoint(long lsn)
    {
        _checkpointLsn = lsn;
        _checkpoint = new CheckpointReader(ExpectedId);
        AskForCheckpoint(0, PageStream.ReadBytes);
    }

    private void TakeCheckpoint(ReadOnlySpan<byte> bytes, long totalBytes)
    {
        var reader = _checkpoint!;
        if (bytes.IsEmpty || !reader.Feed(bytes, (in Record record, long _) => Salvage(record)))
        {
            feed.RefuseReplica($"its checkpoint cannot be read: {reader.Damage?.ToString() ?? "it has no end"}");
            return;
        }
        if (reader.FedBytes < totalBytes)
        {
            AskForCheckpoint(reader.FedBytes, PageStream.ReadBytes);
            return;
        }
        if (!reader.IsComplete)
        {
            feed.RefuseReplica("its checkpoint has no end");
            return;
        }
        TakeMarks(reader.Header!);
        feed.Report(CoreEvent.ReplicaSyncing, $"took back its checkpoint at {reader.Header!.Lsn}, {_taken} records of it");
        var header = reader.Header!;
        _pages = JournalReader.Resume(header.JournalId, header.Epoch, header.Lsn, segmentPages: node.SegmentPages);
        AskForPages();
    }

    /// <summary>After the entries: some of them are older than what was purged, and were known to be no ghosts.</summary>
    private void TakeMarks(CheckpointHeader header)
    {
        Span<byte> fence = stackalloc byte[FenceRecord.Bytes];
        header.Fence.Write(fence);
        Salvage(new Record(RecordKind.Fence, Version.None, default, fence));
        Salvage(new Record(RecordKind.Purge, header.PurgedThrough, default, default));
        Salvage(new Record(RecordKind.Known, header.KnownThrough, default, default));
    }

    private void AskForCheckpoint(long offset, int maxBytes)
    {
        var output = feed.Ask(FeedVerb.SurplusCheckpoint);
        RespWriter.Array(output, 4);
        RespWriter.Bulk(output, "SURPLUS"u8);
        RespWriter.Bulk(output, offset);
        RespWriter.Bulk(output, (long)maxBytes);
        RespWriter.Bulk(output, "CHECKPOINT"u8);
    }

    private void AskForPages()
    {
        var output = feed.Ask(FeedVerb.Surplus);
        RespWriter.Array(output, 3);
        RespWriter.Bulk(output, "SURPLUS"u8);
        RespWriter.Bulk(output, _pages!.FedLsn);
        RespWriter.Bulk(output, (long)PageStream.ReadBytes);
    }

    private void Salvage(in Record record, long endLsn)
    {
        if (endLsn > _commonLsn)
            Salvage(record);
    }

    private void Salvage(in Record record)
    {
        if (record.Kind is RecordKind.Epoch or RecordKind.Checkpoint || !node.Data.IsNews(record))
            return;
        if (record.Kind == RecordKind.Put && record.Version <= node.Data.PurgedThrough)
        {
            _mustStartOver = true; // it may have been deleted, and the deletion forgotten, while the replica was away
            return;
        }
        if (!node.Journal.HasRoomFor(record, RecordUse.Upkeep))
        {
            LacksRoom = true;
            return;
        }
        node.Commit(record);
        _taken++;
    }

    /// <summary>A replica that holds what was not taken back begins anew, because cutting its journal does not cut its table.</summary>
    private void End()
    {
        if (LacksRoom)
        {
            feed.RefuseReplica("journal disk full: it holds what this primary lost, and there is no room to take it back");
            return;
        }
        var cutLsn = _mustStartOver || _pages!.Damage is not null ? 0 : _commonLsn;
        if (_taken > 0)
            node.CloseClusterSessions(); // a cluster that has joined must look again at what is here
        feed.Report(CoreEvent.ReplicaSyncing, $"took back {_taken} records, cutting it to {cutLsn}");
        Stop();
        feed.CutTo(cutLsn);
    }
}
