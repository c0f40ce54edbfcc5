A checkpoint holds no tombstones.

file src/SuperMassive.Core/Node/Checkpointer.cs
replace
    _append = (in Entry entry) => _writer!.Append(entry);
with
    _append = (in Entry entry) =>
    {
        if (!entry.IsTombstone)
            _writer!.Append(entry);
    };
end
