A cluster process that starts again does not know what was purged.

file src/SuperMassive.Core/Cluster/StateFile.cs
replace
    State = State with { PurgedThrough = through }; Save();
with
end
