The ceiling of versions is raised in memory only.

file src/SuperMassive.Core/Cluster/StateFile.cs
replace
    State = State with { Ceiling = Clock.NextCeiling };
with
end
replace
    Clock.SetCeiling(saved.Ceiling);
with
    Clock.SetCeiling(Clock.NextCeiling);
end
