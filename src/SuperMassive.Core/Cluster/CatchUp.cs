namespace SuperMassive.Core.Cluster;

/// <summary>
/// A primary that could not write for a while, because its disk was full, stays in the cluster and answers reads. Once it writes
/// again it is told the deletions that it refused, as if it had been away.
/// </summary>
internal sealed class CatchUp(ClusterCore core)
{
    private long _nextMs;

    public void Tick()
    {
        if (core.NowMs < _nextMs)
            return;
        _nextMs = core.NowMs + core.Settings.HealthCheckIntervalMs;
        foreach (var shard in core.Members.Shards)
        {
            if (!shard.IsHealthy || !shard.MissesDeletions)
                continue;
            if (shard.IsReadOnly)
                shard.Primary.AskSynced();
            else
                core.Members.CatchUp(shard);
        }
    }
}
