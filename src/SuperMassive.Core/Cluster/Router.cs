namespace SuperMassive.Core.Cluster;

/// <summary>Which primary takes the next PUT: the next healthy one in sequence.</summary>
internal sealed class Router
{
    /// <summary>PUTs dispatched so far, as STAT shows it.</summary>
    public long Sequence { get; private set; }

    /// <summary>
    /// The primary for one attempt of a PUT. A first attempt advances the sequence when it is dispatched, not when it is
    /// answered, so that concurrent writes spread evenly too; a fail-over only takes the following one.
    /// </summary>
    public Shard? Next(IReadOnlyList<Shard> shards, IReadOnlyList<Shard> tried)
    {
        var start = tried.Count == 0 ? Sequence++ : IndexOf(shards, tried[^1]) + 1;
        for (var i = 0; i < shards.Count; i++)
        {
            var shard = shards[(int)((start + i) % shards.Count)];
            if (shard.IsHealthy && !tried.Contains(shard))
                return shard;
        }
        return null;
    }

    private static int IndexOf(IReadOnlyList<Shard> shards, Shard shard)
    {
        for (var i = 0; i < shards.Count; i++)
        {
            if (shards[i] == shard)
                return i;
        }
        return -1;
    }
}
