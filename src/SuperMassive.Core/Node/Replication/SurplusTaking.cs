using SuperMassive.Core.Journal;
using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Node.Replication;

/// <summary>
/// Takes back what a replica has and its primary lost (an unsynced tail, or its disk), record by record and by version, before
/// the replica is cut to the common point.
/// </summary>
internal sealed class SurplusTaking(ReplicaFeed feed, NodeCore node)
{
    private JournalReader? _reader;
    private RecordHandler? _salvage;
    private long _commonLsn;
    private long _endLsn;
    private long _taken;
    private bool _mustStartOver;

    /// <param name="commonLsn">Up to here both journals are the same bytes.</param>
    /// <param name="endLsn">The replica's goes on to here.</param>
    public void Begin(long commonLsn, long endLsn)
    {
        feed.Report(CoreEvent.ReplicaSyncing, $"taking back its journal from {commonLsn} to {endLsn}");
        _commonLsn = commonLsn;
        _endLsn = endLsn;
        _taken = 0;
        _mustStartOver = false;
        _salvage = Salvage;
        _reader = new JournalReader(commonLsn == 0 ? null : node.Journal.Id, commonLsn - commonLsn % Page.PageBytes);
        Ask();
    }

    public void Stop() => _reader = null;

    public bool OnReply(ref RespCursor reply)
    {
        if (!reply.TryBulk(out var bytes, out var isNull) || isNull)
            return false;
        feed.Answered();
        _reader!.Feed(bytes, _salvage!);
        if (bytes.IsEmpty || _reader.FedLsn >= _endLsn || _reader.Damage is not null)
            End();
        else
            Ask();
        return true;
    }

    private void Ask()
    {
        var output = feed.Ask(FeedVerb.Surplus);
        RespWriter.Array(output, 3);
        RespWriter.Bulk(output, "SURPLUS"u8);
        RespWriter.Bulk(output, _reader!.FedLsn);
        RespWriter.Bulk(output, (long)PageStream.ReadBytes);
    }

    private void Salvage(in Record record, long endLsn)
    {
        if (endLsn <= _commonLsn || record.Kind is RecordKind.Epoch or RecordKind.Checkpoint)
            return;
        if (!node.Data.IsNews(record))
            return;
        if (record.Kind == RecordKind.Put && record.Version <= node.Data.PurgedThrough)
        {
            _mustStartOver = true; // it may have been deleted, and the deletion forgotten, while the replica was away
            return;
        }
        node.Commit(record);
        _taken++;
    }

    /// <summary>A replica that holds what was not taken back begins anew, because cutting its journal does not cut its table.</summary>
    private void End()
    {
        var cutLsn = _mustStartOver || _reader!.Damage is not null ? 0 : _commonLsn;
        if (_taken > 0)
            node.CloseClusterSessions(); // a cluster that has joined must look again at what is here
        feed.Report(CoreEvent.ReplicaSyncing, $"took back {_taken} records, cutting it to {cutLsn}");
        _reader = null;
        feed.CutTo(cutLsn);
    }
}
