A restart gives the values it reads versions of its own.

file src/SuperMassive.Core/Node/NodeRecovery.cs
replace
    Data.Apply(record);
with
    Data.Apply(record.Kind == RecordKind.Put ? new Record(RecordKind.Put, record.Version.Next, record.Key, record.Value) : record);
end
