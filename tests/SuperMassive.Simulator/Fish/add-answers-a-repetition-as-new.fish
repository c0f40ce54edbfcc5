ADD asked again with the version it has made already adds again.

file src/SuperMassive.Core/Node/NodeWrites.cs
replace
    if (exists && held.Version == version && !held.IsTombstone)
    {
        commands.ReplyValue(output, key, held.Value, version);
        return true;
    }
with
end
replace
    if (!exists || held.IsTombstone || held.Version != expected)
with
    if (!exists || held.IsTombstone || (held.Version != expected && held.Version != version))
end

file src/SuperMassive.Core/Node/NodeData.cs
replace
    if (Table.TryGet(record.Key, hash, out var held) && held.Version >= record.Version)
     return;
with
    if (Table.TryGet(record.Key, hash, out var held) && held.Version > record.Version)
        return;
end
