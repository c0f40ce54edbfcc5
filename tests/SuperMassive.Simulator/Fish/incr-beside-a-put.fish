An INCR does not wait for the PUTs of its key that are under way.

file src/SuperMassive.Core/Cluster/KeyOrder.cs
replace
    _ => state.Puts.Count == 0 && (!state.IsExclusive || Counts.CanFollow(state)),
with
    _ => !state.IsExclusive || Counts.CanFollow(state),
end
