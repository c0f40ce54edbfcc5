The answer to a question of an admission that was given up counts for the next one.

file src/SuperMassive.Core/Cluster/Admission.cs
replace
    if (!IsCurrent || _sources.Count == 0 || _sources[0] != link.Shard)
        return;
with
    if (_sources.Count == 0)
        return;
end
