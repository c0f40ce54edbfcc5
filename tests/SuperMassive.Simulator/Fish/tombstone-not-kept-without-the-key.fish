A node that does not hold the key forgets a deletion at once.

file src/SuperMassive.Core/Node/NodeWrites.cs
replace
    if (TryCommit(new Record(RecordKind.Tombstone
with
    if (!exists || TryCommit(new Record(RecordKind.Tombstone
end
