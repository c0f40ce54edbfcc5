INCR journals the amount instead of the sum.

file src/SuperMassive.Core/Node/NodeWrites.cs
replace
    node.Commit(new Record(RecordKind.Put, version, key, sum));
with
    data.Apply(new Record(RecordKind.Put, version, key, sum));
    node.Journal.Append(new Record(RecordKind.Put, version, key, command[1]));
end
