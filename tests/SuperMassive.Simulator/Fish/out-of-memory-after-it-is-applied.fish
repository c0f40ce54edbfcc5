A node says that it is out of memory when it has applied the PUT.

file src/SuperMassive.Core/Node/NodeWrites.cs
replace
    if (HasMemoryFor(key, value.Length, exists ? held.Value.Length : -1, output)
     && TryCommit(new Record(RecordKind.Put, version, key, value), hash, RecordUse.Client, output))
with
    if (TryCommit(new Record(RecordKind.Put, version, key, value), hash, RecordUse.Client, output)
        && HasMemoryFor(key, value.Length, exists ? held.Value.Length : -1, output))
end
