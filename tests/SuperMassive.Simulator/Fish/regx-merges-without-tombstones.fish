REGX shows an old copy that a tombstone on another node should hide.

file src/SuperMassive.Core/Node/NodeScan.cs
replace
    if (Page.Wants(entry.Key)
with
    if (!entry.IsTombstone && Page.Wants(entry.Key)
end
