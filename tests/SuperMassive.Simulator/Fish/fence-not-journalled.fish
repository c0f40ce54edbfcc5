Which cluster process a node obeys is kept in memory only.

file src/SuperMassive.Core/Node/NodeJoins.cs
replace
    node.Commit(new Record(RecordKind.Fence, Version.None, default, payload));
with
    data.Apply(new Record(RecordKind.Fence, Version.None, default, payload));
end
