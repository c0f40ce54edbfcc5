The older copies are dropped when a PUT is sent, not when it is acknowledged.

file src/SuperMassive.Core/Cluster/Puts.cs
replace
    operation.Tried.Add(shard);
with
    operation.Tried.Add(shard);
    foreach (var other in core.Members.Shards)
    {
        if (other != shard)
            core.Drops.Older(operation.State!, other, shard, operation.Key, operation.Version);
    }
end
