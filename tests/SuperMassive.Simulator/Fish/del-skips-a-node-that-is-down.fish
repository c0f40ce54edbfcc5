DEL leaves out a primary that is down, and nobody brings it the tombstone when it is back.

file src/SuperMassive.Core/Cluster/Admission.cs
replace
    _sources.Add(other);
with
    _ = other;
end
