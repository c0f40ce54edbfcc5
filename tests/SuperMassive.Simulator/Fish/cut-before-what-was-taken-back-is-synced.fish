A replica is told to forget its surplus before the primary has it on its disk.

file src/SuperMassive.Core/Node/ReplicaFeed.cs
replace
    if (_cut is { } cut && _node.SyncedLsn >= cut.TakenLsn)
with
    if (_cut is { } cut)
end
