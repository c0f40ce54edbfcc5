Tombstones are purged while a write with a lower version is still under way, and a DEL does not wait for such writes of its key.

file src/SuperMassive.Core/Cluster/Purger.cs
replace
    if (core.Writes.Oldest is { } write && write <= limit)
        limit = new Version(write.Value - 1);
with
end

file src/SuperMassive.Core/Cluster/KeyOrder.cs
replace
    OperationKind.Delete => !state.IsExclusive && state.Puts.Count == 0,
with
    OperationKind.Delete => !state.IsExclusive,
end
