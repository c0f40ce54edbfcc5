A node that is still being brought up to date counts as a witness that a key existed.

file src/SuperMassive.Core/Cluster/Deletes.cs
replace
    reply.Number == 1 && link.Shard != operation.Shard
with
    reply.Number == 1
end
