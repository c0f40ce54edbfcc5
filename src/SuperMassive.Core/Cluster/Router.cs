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
    public Shard? Next(List<Shard> shards, in TriedShards tried)
    {
        if (shards.Count == 0)
            return null;
        var at = tried.Last is { } last ? shards.IndexOf(last) : (int)(Sequence++ % shards.Count) - 1;
        for (var i = 0; i < shards.Count; i++)
        {
            if (++at == shards.Count)
                at = 0;
            if (shards[at] is var shard && shard.IsHealthy && !tried.Contains(shard))
                return shard;
        }
        return null;
    }
}
