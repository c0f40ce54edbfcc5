Tombstones are purged although a primary refused one, for want of room.

file src/SuperMassive.Core/Cluster/Purger.cs
replace
    || core.Members.Shards.Any(shard => shard.MissesDeletions))
with
    )
end
