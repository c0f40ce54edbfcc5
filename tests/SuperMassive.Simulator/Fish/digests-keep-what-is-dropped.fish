A dropped entry stays in the digests.

file src/SuperMassive.Core/Node/NodeData.cs
replace
    Digests.Remove(hash, held); Table.Remove(key, hash);
with
    Table.Remove(key, hash);
end
