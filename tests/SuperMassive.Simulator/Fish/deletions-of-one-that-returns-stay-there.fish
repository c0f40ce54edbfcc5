A node that comes back is told what was deleted without it, but what only it knows to be deleted is not told to the others.

file src/SuperMassive.Core/Cluster/Admission.cs
replace
    _sources.Add(Shard);
with
end
