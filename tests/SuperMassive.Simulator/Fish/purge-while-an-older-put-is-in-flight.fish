Tombstones are purged while a write with a lower version is still under way.

file src/SuperMassive.Core/Cluster/Purger.cs
replace
    if (core.Writes.Oldest is { } write && write <= limit)
        limit = new Version(write.Value - 1);
with
end
