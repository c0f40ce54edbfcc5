An INCR follows the end of a new chain while one that came before it is still to be asked anew, because the chain it was in broke.

file src/SuperMassive.Core/Cluster/Counts.cs
replace
    before.Step == Step.Add && before.Chain == state.Chain &&
with
    before.Step == Step.Add &&
end
