DROP removes whatever is there, newer or not.

file src/SuperMassive.Core/Node/NodeWrites.cs
replace
    if (!exists || held.IsTombstone || held.Version >= version)
with
    if (!exists || held.IsTombstone)
end

file src/SuperMassive.Core/Node/NodeData.cs
replace
    if (Table.TryGet(record.Key, hash, out var held) && !held.IsTombstone && held.Version < record.Version)
        Forget(record.Key, hash, held);
with
    if (Table.TryGet(record.Key, hash, out var held) && !held.IsTombstone)
        Forget(record.Key, hash, held);
end
