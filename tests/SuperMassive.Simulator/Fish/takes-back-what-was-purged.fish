A primary takes back values from a replica that may have been deleted, and the deletion forgotten.

file src/SuperMassive.Core/Node/Replication/SurplusTaking.cs
replace
    record.Kind == RecordKind.Put && record.Version <= node.Data.PurgedThrough
with
    record.Kind == RecordKind.Put && record.Version < Version.None
end
