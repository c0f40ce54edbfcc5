How far a primary has acknowledged is only learnt when it joins.

file src/SuperMassive.Core/Cluster/ClusterCore.cs
replace
    if (!link.IsReplica)
        link.Shard.Acked(reply.Lsn);
with
end
