A replica compares digests of another LSN with its own.

file src/SuperMassive.Core/Node/Replication/ReplicaRepair.cs
replace
    if (lsn != sync.AppliedLsn)
with
    if (lsn < 0)
end
