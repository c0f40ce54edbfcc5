A copy is dropped while a gather that began earlier is under way: it may see neither the new holder nor the old one.

file src/SuperMassive.Core/Cluster/Drops.cs
replace
    if (state.Gathers > 0)
        state.Drops.Add
with
    if (state.Gathers < 0)
        state.Drops.Add
end
