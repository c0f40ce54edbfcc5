After an INCR failed those behind it still rely on the version it was to make.

file src/SuperMassive.Core/Cluster/Counts.cs
replace
    BreakChain(operation);
     if (operation.IsIndeterminate)
with
    if (operation.IsIndeterminate)
end
