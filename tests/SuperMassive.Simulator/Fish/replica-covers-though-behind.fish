A replica answers for its primary although it lacks what the primary acknowledged last.

file src/SuperMassive.Core/Cluster/Gather.cs
replace
    if (link.IsReplica && reply.Lsn < link.Shard.AckedLsn)
with
    if (link.IsReplica && reply.Lsn < 0)
end
