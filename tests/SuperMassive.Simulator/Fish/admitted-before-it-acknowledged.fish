A node is let in before it has acknowledged the deletions that it was told.

file src/SuperMassive.Core/Cluster/Admission.cs
replace
    _sources.Count > 0 || _unacknowledged > 0 || !IsCurrent
with
    _sources.Count > 0 || !IsCurrent
end
