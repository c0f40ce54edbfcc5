After an INCR failed those behind it still rely on the version it was to make.

file src/SuperMassive.Core/Cluster/Counts.cs
replace
    operation.State!.ChainShard = null;
     if (operation.IsIndeterminate)
with
    if (operation.IsIndeterminate)
end
