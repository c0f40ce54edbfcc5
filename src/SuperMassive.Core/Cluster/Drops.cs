using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>
/// Removes copies that a newer version made obsolete: always conditional (only if older), only after the newer one is acknowledged,
/// and never while a gather of that key is under way.
/// </summary>
internal sealed class Drops(ClusterCore core)
{
    public void Older(KeyState state, Shard shard, ReadOnlySpan<byte> key, Version than)
    {
        if (!shard.IsHealthy)
            return; // the sweep after its return finds it
        if (state.Gathers > 0)
            state.Drops.Add(new DeferredDrop(shard, key.ToArray(), than));
        else
            shard.Primary.Drop(key, state.Hash, than);
    }

    public void Flush(KeyState state)
    {
        if (state.Gathers > 0 || state.Drops.Count == 0)
            return;
        foreach (var drop in state.Drops)
        {
            if (drop.Shard.IsHealthy)
                drop.Shard.Primary.Drop(drop.Key, core.HashOf(drop.Key), drop.OlderThan);
        }
        state.Drops.Clear();
    }
}
