namespace SuperMassive.Core.Node.Replication;

/// <summary>For how long a replica has lacked the oldest of what it lacks: an upper bound, kept without remembering every batch.</summary>
/// <remarks>One mark at a time is under way: when the replica has acknowledged it, it holds all up to the mark's time.</remarks>
internal sealed class ReplicaLag(NodeCore node)
{
    private long _heldMs = -1;
    private long _markLsn;
    private long _markMs = -1;

    public long Ms(long ackedLsn) =>
        ackedLsn >= node.EndLsn ? 0 : node.NowMs - Math.Max(_heldMs, node.NowMs - node.UptimeMs);

    /// <summary>The journal grew from <paramref name="lsn"/> on.</summary>
    public void Appended(long lsn, long ackedLsn)
    {
        if (ackedLsn >= lsn)
            SetMark(node.NowMs);
    }

    public void Acknowledged(long ackedLsn)
    {
        if (ackedLsn >= _markLsn)
            SetMark(_markMs);
    }

    private void SetMark(long heldMs)
    {
        _heldMs = heldMs;
        _markLsn = node.EndLsn;
        _markMs = node.NowMs;
    }
}
