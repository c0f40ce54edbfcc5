A primary takes back from its replica the values it lost, but not the deletions.

file src/SuperMassive.Core/Node/ReplicaFeed.cs
replace
    record.Kind is RecordKind.Epoch or RecordKind.Checkpoint)
with
    record.Kind is RecordKind.Epoch or RecordKind.Checkpoint or RecordKind.Tombstone)
end
