A gather drops the other copies although only a replica has shown the newest.

file src/SuperMassive.Core/Cluster/Gather.cs
replace
    if (operation.BestShard is { IsHealthy: false })
     return;
with
    if (operation.BestShard is { IsRemoved: true })
        return;
end
