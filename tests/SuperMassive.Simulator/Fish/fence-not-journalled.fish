Which cluster process a node obeys is kept in memory only.

file src/SuperMassive.Core/Node/NodeJoins.cs
replace
    node.Commit(record);
with
    data.Apply(record);
end
