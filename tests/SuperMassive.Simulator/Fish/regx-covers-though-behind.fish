REGX believes a replica that lacks what its primary acknowledged last.

file src/SuperMassive.Core/Cluster/Scans.cs
replace
    if (link.IsReplica && lsn < stream.Shard.AckedLsn)
with
    if (link.IsReplica && lsn < 0)
end
