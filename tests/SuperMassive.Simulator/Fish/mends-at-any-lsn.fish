A replica takes what its primary held at another LSN.

file src/SuperMassive.Core/Node/Replication/ReplicaRepair.cs
replace
    if (lsn == sync.AppliedLsn) { if (isNothing)
with
    if (lsn >= 0)
    {
        if (isNothing)
end
