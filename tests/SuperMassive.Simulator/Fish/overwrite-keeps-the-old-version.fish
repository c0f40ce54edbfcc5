A value that replaces another keeps the version of the one it replaces.

file src/SuperMassive.Core/Node/NodeData.cs
replace
    Table.Set(record.Key, hash, record.Value, record.Version);
with
    Table.Set(record.Key, hash, record.Value, held.Version == Version.None ? record.Version : held.Version);
end
