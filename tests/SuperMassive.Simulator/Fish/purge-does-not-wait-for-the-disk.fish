Tombstones are purged as soon as every primary has written, not synced, that it knows them.

file src/SuperMassive.Core/Cluster/Purger.cs
replace
    core.Members.Shards.All(shard => shard.SyncedLsn >= shard.PurgeLsn)
with
    core.Members.Shards.Count > 0
end
