using System.Text;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>
/// Removes copies that a newer version made obsolete: always conditional (only if older), only after the newer one is acknowledged,
/// and never while a gather of that key is under way, or a scan that has yet to pass it there.
/// </summary>
/// <remarks>
/// A read that asks several primaries could otherwise pass the one before the newer copy came and the other after the older one went.
/// Scans take long, so what waits for them is bounded: beyond that the oldest scan is given up.
/// </remarks>
internal sealed class Drops(ClusterCore core)
{
    /// <summary>What a drop that waits takes besides its key.</summary>
    private const int EntryBytes = 96;

    /// <summary>So many at a time once a scan is over: some milliseconds of work for a primary.</summary>
    private const int SliceDrops = 4_096;

    private readonly Queue<DeferredDrop> _behindScans = new();
    private long _bytes;

    /// <param name="newest">The shard that holds the newer copy.</param>
    public void Older(KeyState state, Shard shard, Shard newest, ReadOnlySpan<byte> key, Version than)
    {
        if (!shard.IsHealthy)
            return; // the sweep after its return finds it
        if (state.Gathers > 0)
            state.Drops.Add(new DeferredDrop(shard, newest, key.ToArray(), than, core.Scans.Youngest));
        else if (core.Scans.HasYetToPass(shard, key, core.Scans.Youngest))
            WaitForScans(new DeferredDrop(shard, newest, key.ToArray(), than, core.Scans.Youngest));
        else
            shard.Primary.Drop(key, state.Hash, than);
    }

    public void Flush(KeyState state)
    {
        if (state.Gathers > 0 || state.Drops.Count == 0)
            return;
        foreach (var drop in state.Drops)
        {
            if (core.Scans.HasYetToPass(drop.Shard, drop.Key, drop.Scan))
                WaitForScans(drop);
            else
                Send(drop);
        }
        state.Drops.Clear();
    }

    /// <summary>Sends those of which the scans that they waited for are over, a slice at a time.</summary>
    public void Tick()
    {
        for (var i = 0; i < SliceDrops && _behindScans.TryPeek(out var drop) && drop.Scan < core.Scans.Oldest; i++)
        {
            _behindScans.Dequeue();
            _bytes -= BytesOf(drop);
            Send(drop);
        }
    }

    private void WaitForScans(DeferredDrop drop)
    {
        _behindScans.Enqueue(drop);
        _bytes += BytesOf(drop);
        var limit = core.Settings.Limits.OutputBytes;
        if (_bytes > limit && drop.Scan >= core.Scans.Oldest)
            core.Scans.GiveUpOldest(
                Encoding.ASCII.GetBytes($"too many keys were overwritten while REGX ran (over {limit} bytes): use offset and limit"));
    }

    /// <summary>
    /// While the newer copy's primary is away the older one stays: it may be a copy of the same version, and the other may never return. The
    /// sweep after its return finds it.
    /// </summary>
    private void Send(in DeferredDrop drop)
    {
        if (drop.Shard.IsHealthy && drop.Newest.IsHealthy)
            drop.Shard.Primary.Drop(drop.Key, core.HashOf(drop.Key), drop.OlderThan);
    }

    private static long BytesOf(in DeferredDrop drop) => drop.Key.Length + EntryBytes;
}
