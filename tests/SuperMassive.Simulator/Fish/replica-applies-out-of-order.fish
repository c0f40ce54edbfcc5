A replica applies a deletion only after the record that follows it.

file src/SuperMassive.Core/Node/Replication/ReceivedJournal.cs
replace
    _apply = (in Record record, long _) => data.Apply(record);
with
    byte[]? late = null;
    var lateVersion = Version.None;
    _apply = (in Record record, long _) =>
    {
        if (late is null && record.Kind == RecordKind.Tombstone)
        {
            late = record.Key.ToArray();
            lateVersion = record.Version;
            return;
        }
        data.Apply(record);
        if (late is not null)
            data.Apply(new Record(RecordKind.Tombstone, lateVersion, late, default));
        late = null;
    };
end
