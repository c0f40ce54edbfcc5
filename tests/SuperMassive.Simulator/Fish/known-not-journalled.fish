That a node knows all deletions up to a version is kept in memory only.

file src/SuperMassive.Core/Node/NodeWrites.cs
replace
    || TryCommit(new Record(kind, version, default, default), RecordUse.Upkeep, output))
with
    || (kind == RecordKind.Known ? data.Remember(version) : TryCommit(new Record(kind, version, default, default), RecordUse.Upkeep, output)))
end

file src/SuperMassive.Core/Node/NodeData.cs
replace
    public void Apply(in Record record)
with
    public bool Remember(Version known)
    {
        if (known > KnownThrough)
            KnownThrough = known;
        return true;
    }

    public void Apply(in Record record)
end
