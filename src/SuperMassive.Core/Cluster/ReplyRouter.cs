namespace SuperMassive.Core.Cluster;

/// <summary>Hands each reply, and each request that will never have one, to whoever waits for it.</summary>
internal sealed class ReplyRouter(ClusterCore core)
{
    public void OnReply(ShardLink link, in LinkRequest request, in LinkReply reply)
    {
        if (!link.IsReplica)
            link.Shard.Acked(reply.Lsn);
        var operation = request.Operation;
        if (operation is not null)
            operation.Outstanding--;
        switch (request.Kind)
        {
            case LinkRequestKind.Get:
                OnValue(operation!, link, reply);
                break;
            case LinkRequestKind.Put:
                core.Puts.Replied(operation!, link, reply);
                break;
            case LinkRequestKind.Delete:
                core.Deletes.Replied(operation!, link, reply);
                break;
            case LinkRequestKind.Add:
                core.Counts.Replied(operation!, link, reply);
                break;
            case LinkRequestKind.Scan:
                core.Scans.Replied(operation!, link, reply);
                break;
            case LinkRequestKind.Statistics:
                core.StatisticsFlow.Replied(operation!, link, reply);
                break;
            case LinkRequestKind.CheckSettings or LinkRequestKind.ApplySettings:
                core.ReloadFlow.Replied(operation, link, request.Kind, reply);
                break;
            case LinkRequestKind.Tombstones:
                request.Admission!.Listed(link, reply);
                break;
            case LinkRequestKind.CopyTombstone or LinkRequestKind.Known when request.Admission is not null:
                request.Admission.Copied(link, request.Kind, reply);
                break;
            case LinkRequestKind.Known:
                core.Purger.Marked(link, reply);
                break;
            case LinkRequestKind.Versions:
                core.Sweeper.Listed(link, reply);
                break;
            case LinkRequestKind.Drop or LinkRequestKind.Purge when reply.IsError:
                link.Shard.Missed();
                break;
        }
        if (operation is not null)
            core.Recycle(operation);
    }

    public void OnRequestLost(ShardLink link, in LinkRequest request)
    {
        var operation = request.Operation;
        if (operation is not null)
            operation.Outstanding--;
        switch (request.Kind)
        {
            case LinkRequestKind.Get:
                OnValueLost(operation!, link);
                break;
            case LinkRequestKind.Put:
                core.Puts.Lost(operation!);
                break;
            case LinkRequestKind.Delete:
                core.Deletes.Lost(operation!);
                break;
            case LinkRequestKind.Add:
                core.Counts.Lost(operation!, link);
                break;
            case LinkRequestKind.Scan:
                core.Scans.Lost(operation!, link);
                break;
            case LinkRequestKind.Statistics:
                core.StatisticsFlow.Lost(operation!);
                break;
            case LinkRequestKind.CheckSettings or LinkRequestKind.ApplySettings:
                core.ReloadFlow.Lost(operation, link, request.Kind);
                break;
            case LinkRequestKind.CopyTombstone or LinkRequestKind.Known when request.Admission is not null:
                request.Admission.CopyLost();
                break;
            case LinkRequestKind.Known:
                core.Purger.MarkLost();
                break;
            case LinkRequestKind.Versions:
                core.Sweeper.Lost();
                break;
        }
        if (operation is not null)
            core.Recycle(operation);
    }

    private void OnValue(Operation operation, ShardLink link, in LinkReply reply)
    {
        if (operation.Step == Step.Gather)
            core.Gather.Replied(operation, link, reply);
        else if (operation.Kind == OperationKind.Count)
            core.Counts.ReplicaReplied(operation, link, reply);
        else
            core.Reads.Replied(operation, link, reply);
    }

    private void OnValueLost(Operation operation, ShardLink link)
    {
        if (operation.Step == Step.Gather)
            core.Gather.Lost(operation, link);
        else if (operation.Kind == OperationKind.Count)
            core.Counts.ReplicaLost(operation, link);
        else
            core.Reads.Lost(operation, link);
    }
}
