A replica answers for its primary although it lacks what the primary acknowledged last.

file src/SuperMassive.Core/Cluster/Gather.cs
replace
    reply.IsError || (link.IsReplica && reply.Lsn < link.Shard.AckedLsn)
with
    reply.IsError
end
