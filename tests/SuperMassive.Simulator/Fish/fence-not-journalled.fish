Which cluster process a node obeys is kept in memory only.

file src/SuperMassive.Core/Node/NodeCore.cs
replace
    Commit(new Record(RecordKind.Fence, Version.None, default, payload));
with
    _data.Apply(new Record(RecordKind.Fence, Version.None, default, payload));
end
