That a node knows all deletions up to a version is kept in memory only.

file src/SuperMassive.Core/Node/NodeWrites.cs
replace
    node.Commit(new Record(kind, version, default, default));
with
    if (kind == RecordKind.Known)
        data.Apply(new Record(kind, version, default, default));
    else
        node.Commit(new Record(kind, version, default, default));
end
