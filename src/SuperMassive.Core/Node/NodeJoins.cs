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
        if (!(node.Sync is { } sync ? MayRead(sync, output) : MayJoin(clusterId, epoch, number, output)))
        {
            node.CloseAfterReply(session);
            return true;
        }
        if (node.Sync is null)
            Obey(session, new FenceRecord(clusterId, epoch), number);
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

    private void Obey(PeerSession session, FenceRecord fence, long number)
    {
        if (_master is { IsClosed: false } older && older != session)
        {
            effects.Report(CoreEvent.StaleSession, older.Channel.Peer, "replaced by a newer connection of the cluster");
            node.Abort(older);
        }
        _master = session;
        _masterSession = number;
        if (fence != data.Fence)
            Commit(fence);
    }

    private void Commit(FenceRecord fence)
    {
        Span<byte> payload = stackalloc byte[FenceRecord.Bytes];
        fence.Write(payload);
        node.Commit(new Record(RecordKind.Fence, Version.None, default, payload));
    }

    private static bool MayRead(ReplicaSync sync, OutputBuffer output)
    {
        if (sync.MayBeRead)
            return true;
        RespWriter.Error(output, Encoding.UTF8.GetBytes($"ERR {(sync.OutOfSyncReason.Length > 0 ? sync.OutOfSyncReason : "waiting for its primary")}"));
        return false;
    }

    private bool MayJoin(ulong clusterId, long epoch, long number, OutputBuffer output)
    {
        var fence = data.Fence;
        if (epoch < fence.Epoch || (epoch == fence.Epoch && clusterId != fence.ClusterId))
        {
            RespWriter.Array(output, 2);
            RespWriter.Bulk(output, "STALE"u8);
            RespWriter.Bulk(output, fence.Epoch);
            return false;
        }
        if (epoch == fence.Epoch && _master is not null && number <= _masterSession)
        {
            RespWriter.Error(output, "ERR stale session"u8);
            return false;
        }
        if (node.Journal.ShowsUnkept)
        {
            RespWriter.Error(output, Encoding.UTF8.GetBytes(
                $"ERR journal failed, and what was written last is not in it: restart this node. {node.JournalFailure}"));
            return false;
        }
        if (node.Feeds.Any(feed => !feed.HasSettled))
        {
            RespWriter.Error(output, "ERR recovering: asking the replicas for what was lost"u8);
            return false;
        }
        return true;
    }
}
