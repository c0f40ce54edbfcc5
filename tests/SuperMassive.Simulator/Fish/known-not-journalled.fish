That a node knows all deletions up to a version is kept in memory only.

file src/SuperMassive.Core/Node/NodeJournal.cs
replace
    _data.Apply(record, hash);
     _writer.Append(record);
with
    _data.Apply(record, hash);
    if (record.Kind != RecordKind.Known)
        _writer.Append(record);
end
