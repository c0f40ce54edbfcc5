REGX believes a replica that lacks what its primary acknowledged last.

file src/SuperMassive.Core/Cluster/Scans.cs
replace
    if (link.IsReplica && reply.Lsn < stream.Shard.AckedLsn)
with
    if (link.IsReplica && reply.Lsn < 0)
end
