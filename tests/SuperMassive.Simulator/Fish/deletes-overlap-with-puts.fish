A DEL is sent while PUTs of the same key are under way.

file src/SuperMassive.Core/Cluster/KeyOrder.cs
replace
    OperationKind.Delete => !state.IsExclusive && state.Puts.Count == 0,
with
    OperationKind.Delete => !state.IsExclusive,
end
