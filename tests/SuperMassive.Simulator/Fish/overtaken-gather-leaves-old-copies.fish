A gather that a write overtook has nobody look at the copies again which it has seen.

file src/SuperMassive.Core/Cluster/Gather.cs
replace
    if (operation.Holders.Count > 0) core.Reads.Resolve
with
    if (operation.Holders.Count < 0)
        core.Reads.Resolve
end
