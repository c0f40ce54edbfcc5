A node that does not hold the key forgets a deletion at once.

file src/SuperMassive.Core/Node/NodeWrites.cs
replace
    if (!MayWrite(output))
        return true;
    node.Commit(new Record(RecordKind.Tombstone
with
    if (!exists)
    {
        ReplyApplied(output, key, 0, version);
        return true;
    }
    if (!MayWrite(output))
        return true;
    node.Commit(new Record(RecordKind.Tombstone
end
