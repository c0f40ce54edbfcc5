INCR journals the amount instead of the sum.

file src/SuperMassive.Core/Node/NodeWrites.cs
replace
    TryCommit(new Record(RecordKind.Put, version, key, sum), RecordUse.Client, output))
with
    TryCommit(new Record(RecordKind.Put, version, key, command[1]), RecordUse.Client, output))
    {
        data.Table.Set(key, data.Table.Hash(key), sum, version);
    }
    if (data.Table.TryGet(key, data.Table.Hash(key), out var now) && now.Version == version)
end
