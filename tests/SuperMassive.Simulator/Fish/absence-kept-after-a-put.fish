The memory that a key does not exist outlives a PUT of it.

file src/SuperMassive.Core/Cluster/Puts.cs
replace
    core.Absent.Remove(operation.Hash);
with
end
