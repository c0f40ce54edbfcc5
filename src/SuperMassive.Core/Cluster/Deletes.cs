using System.Text;
using SuperMassive.Core.Links;

namespace SuperMassive.Core.Cluster;

/// <summary>DEL: a versioned tombstone on every primary that can be reached; the others get it before they are healthy again.</summary>
internal sealed class Deletes(ClusterCore core)
{
    public void Run(Operation operation)
    {
        operation.State!.IsDeleting = true;
        Start(operation);
    }

    /// <summary>Begins, or goes on after the version ceiling rose.</summary>
    public void Start(Operation operation)
    {
        if (!core.Order.TryAssignVersion(operation))
            return;
        operation.Legs = 1;
        operation.Shard = core.Members.Admitting;
        operation.HolderId = core.Hints.TryGet(operation.Hash, out var holder, out _) ? holder : -1;
        foreach (var shard in core.Members.Shards)
        {
            if (!shard.IsHealthy)
                operation.Unheard++;
            if (!shard.IsHealthy && shard != core.Members.Admitting)
                continue;
            operation.Legs++;
            shard.Primary.Delete(operation);
        }
        LegEnded(operation);
    }

    public void Replied(Operation operation, ShardLink link, in LinkReply reply)
    {
        if (reply.IsError)
        {
            operation.Unheard++;
            operation.LastError = PeerText.Of(reply.Text);
            link.Shard.Missed();
        }
        else
        {
            operation.Attempts++;
            if (reply.Number == 1)
                SawLive(operation, link.Shard);
        }
        LegEnded(operation);
    }

    public void Lost(Operation operation)
    {
        operation.Unheard++;
        operation.IsIndeterminate = true;
        LegEnded(operation);
    }

    /// <summary>
    /// What the hint names is the newest copy. Another is so only when everybody was heard: a deletion of it may stand on the primary
    /// that is away, and one that is still being brought up to date, or refused a deletion, may show what was deleted.
    /// </summary>
    private void SawLive(Operation operation, Shard shard)
    {
        if (shard.Id == operation.HolderId)
            operation.IsNewestLive = true;
        else if (shard == operation.Shard || shard == core.Members.Admitting || shard.MissesDeletions)
            operation.Unheard++;
        else
            operation.BestIsLive = true;
    }

    private void LegEnded(Operation operation)
    {
        if (--operation.Legs > 0)
            return;
        var state = operation.State!;
        state.IsDeleting = false;
        core.Writes.Remove(operation);
        var wasStored = operation.Attempts > 0;
        if (wasStored)
        {
            core.Purger.Seen(operation.Version);
            state.Newest = operation.Version;
            core.Hints.Remove(operation.Hash);
            core.Absent.Add(operation.Hash, operation.Key);
        }
        if (operation.IsNewestLive || operation.BestIsLive && operation.Unheard == 0)
            core.Complete(operation, Outcome.Deleted);
        else if (!wasStored)
            core.Complete(operation, Outcome.Error, Encoding.UTF8.GetBytes(WhyNotStored(operation)));
        else if (operation.Unheard > 0)
            core.Complete(operation, Outcome.Error, "key-value unavailable"u8);
        else
            core.Complete(operation, Outcome.Missing);
    }

    private static string WhyNotStored(Operation operation) =>
        operation.IsIndeterminate ? "timeout" : operation.LastError ?? "no primary nodes available";
}
