Which cluster process a node obeys is kept in memory only.

file src/SuperMassive.Core/Node/NodeJournal.cs
replace
    _data.Apply(record);
     _writer.Append(record);
with
    _data.Apply(record);
    if (record.Kind != RecordKind.Fence)
        _writer.Append(record);
end
