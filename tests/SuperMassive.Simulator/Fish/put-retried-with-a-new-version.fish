A PUT that fails over to another primary gets a new version there.

file src/SuperMassive.Core/Cluster/Puts.cs
replace
    core.Statistics.FailOvers++;
     operation.Tried.Add(shard);
with
    core.Statistics.FailOvers++;
    if (operation.Tried.Count > 0 && core.Clock.TryNext(out var again))
        operation.Version = again;
    operation.Tried.Add(shard);
end
