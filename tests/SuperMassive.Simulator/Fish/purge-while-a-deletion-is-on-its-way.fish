Tombstones are purged although some primary has not answered the deletion yet.

file src/SuperMassive.Core/Cluster/Purger.cs
replace
    pending && pending <= limit
with
    pending && pending < Version.None
end
