using System.Text;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Node;

/// <summary>Which cluster process, and which connection of it, this node listens to.</summary>
internal sealed class NodeJoins(NodeData data, NodeCore node, INodeEffects effects)
{
    private PeerSession? _master;
    private long _masterSession;

    /// <summary>The newest cluster process that asked a replica, which may know of it before its primary's journal says so.</summary>
    private FenceRecord _reader;

    /// <summary>
    /// <c>JOIN clusterId epoch session</c>: one cluster process at a time, one connection of it at a time. Whatever an earlier
    /// connection still had in flight can change nothing any more. Answers [history, LSN, highest version, purged through,
    /// known through, entries], or [STALE, epoch] to a process that was replaced.
    /// </summary>
    public bool Handle(PeerSession session, in Command command, OutputBuffer output)
    {
        if (!RespCursor.TryParse(command[0], out ulong clusterId) || !RespCursor.TryParse(command[1], out long epoch)
            || !RespCursor.TryParse(command[2], out long number))
            return false;
        var fence = new FenceRecord(clusterId, epoch);
        if (!(node.Sync is { } sync ? MayRead(sync, fence, output) : MayJoin(fence, number, output)))
        {
            node.CloseAfterReply(session);
            return true;
        }
        if (node.Sync is not null)
        {
            Serve(fence);
        }
        else if (!TryObey(session, fence, number, output))
        {
            node.CloseAfterReply(session);
            return true;
        }
        session.Fence = fence;
        session.IsJoined = true;
        RespWriter.Array(output, 6);
        RespWriter.Bulk(output, Encoding.ASCII.GetBytes(node.History.ToString()));
        RespWriter.Integer(output, node.AppliedLsn);
        RespWriter.Integer(output, data.HighestVersion.Value);
        RespWriter.Integer(output, data.PurgedThrough.Value);
        RespWriter.Integer(output, data.KnownThrough.Value);
        RespWriter.Integer(output, data.Table.LiveCount + data.Table.TombstoneCount);
        return true;
    }

    private bool TryObey(PeerSession session, FenceRecord fence, long number, OutputBuffer output)
    {
        if (fence != data.Fence && !TryCommit(fence))
        {
            RespWriter.Error(output, "ERR journal disk full"u8);
            return false;
        }
        if (_master is { IsClosed: false } older && older != session)
        {
            effects.Report(CoreEvent.StaleSession, older.Channel.Peer, "replaced by a newer connection of the cluster");
            node.Abort(older);
        }
        _master = session;
        _masterSession = number;
        return true;
    }

    private bool TryCommit(FenceRecord fence)
    {
        Span<byte> payload = stackalloc byte[FenceRecord.Bytes];
        fence.Write(payload);
        var record = new Record(RecordKind.Fence, Version.None, default, payload);
        if (!node.Journal.HasRoomFor(record, RecordUse.Start))
            return false;
        node.Commit(record);
        return true;
    }

    /// <summary>On a replica: whoever was replaced must not read here what its successor has since overwritten elsewhere.</summary>
    private void Serve(FenceRecord fence)
    {
        if (!fence.Outranks(_reader))
            return;
        _reader = fence;
        node.CloseClusterSessions(outrankedBy: fence);
    }

    private bool MayRead(ReplicaSync sync, FenceRecord fence, OutputBuffer output)
    {
        if (IsStale(fence, _reader.Outranks(data.Fence) ? _reader : data.Fence, output))
            return false;
        if (RefusesUnkept(output))
            return false;
        if (sync.MayBeRead)
            return true;
        RespWriter.Error(output,
            Encoding.UTF8.GetBytes($"ERR {(sync.OutOfSyncReason.Length > 0 ? sync.OutOfSyncReason : "waiting for its primary")}"));
        return false;
    }

    private static bool IsStale(FenceRecord fence, FenceRecord obeyed, OutputBuffer output)
    {
        if (!obeyed.Outranks(fence))
            return false;
        RespWriter.Array(output, 2);
        RespWriter.Bulk(output, "STALE"u8);
        RespWriter.Bulk(output, obeyed.Epoch);
        return true;
    }

    private bool RefusesUnkept(OutputBuffer output)
    {
        if (!node.Journal.ShowsUnkept)
            return false;
        RespWriter.Error(output, Encoding.UTF8.GetBytes(
            $"ERR journal failed, and what was written last is not in it: restart this node. {node.JournalFailure}"));
        return true;
    }

    private bool MayJoin(FenceRecord fence, long number, OutputBuffer output)
    {
        if (IsStale(fence, data.Fence, output))
            return false;
        if (fence == data.Fence && _master is not null && number <= _masterSession)
        {
            RespWriter.Error(output, "ERR stale session"u8);
            return false;
        }
        if (!node.Journal.HasBegun || node.Journal.Stall is not null)
        {
            RespWriter.Error(output, "ERR journal disk full: this node waits for room"u8);
            return false;
        }
        if (RefusesUnkept(output))
            return false;
        if (!node.Feeds.HaveSettled)
        {
            RespWriter.Error(output, "ERR recovering: asking the replicas for what was lost"u8);
            return false;
        }
        return true;
    }
}
