An ADD whose answer was lost is asked anew of whoever holds the key.

file src/SuperMassive.Core/Cluster/Counts.cs
replace
    operation.IsIndeterminate = true;
     operation.Step = Step.AwaitHolder;
with
    FindHolder(operation);
    return;
end
