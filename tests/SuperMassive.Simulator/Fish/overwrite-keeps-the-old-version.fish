A value that replaces another keeps the version of the one it replaces.

file src/SuperMassive.Core/Node/NodeData.cs
replace
    Replace(hash, held, new Entry(record.Key, isTombstone ? default : record.Value, record.Version, isTombstone));
with
    var version = isTombstone || held.Version == Version.None ? record.Version : held.Version;
    Replace(hash, held, new Entry(record.Key, isTombstone ? default : record.Value, version, isTombstone));
end
