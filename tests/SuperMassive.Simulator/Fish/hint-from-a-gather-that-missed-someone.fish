A gather that could not hear a primary sets the hint, and what it did not find is remembered as absent.

file src/SuperMassive.Core/Cluster/Gather.cs
replace
    if (IsConclusive(operation)) Learn(operation, state);
with
    Learn(operation, state);
end
