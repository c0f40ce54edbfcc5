A process that cannot be reached by RCNF never reads its file.

file src/SuperMassive.Core/Cluster/ReloadFlow.cs
replace
    else if (apply) { link.OwesReload = true; }
with
end
