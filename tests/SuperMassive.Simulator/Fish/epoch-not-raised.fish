A cluster process that starts keeps the epoch of the last one.

file src/SuperMassive.Core/Cluster/ClusterCore.cs
replace
    State = state with { Epoch = state.Epoch + 1 };
with
    State = state with { Epoch = Math.Max(state.Epoch, 1) };
end
