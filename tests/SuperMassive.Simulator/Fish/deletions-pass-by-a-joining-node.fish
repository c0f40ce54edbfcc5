A DEL is not sent to the node that is being brought up to date.

file src/SuperMassive.Core/Cluster/Deletes.cs
replace
    if (!shard.IsHealthy && shard != core.Members.Admitting)
with
    if (!shard.IsHealthy)
end
