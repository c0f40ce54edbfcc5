A cluster process that starts keeps the epoch of the last one.

file src/SuperMassive.Core/Cluster/StateFile.cs
replace
    State = found with { Epoch = found.Epoch + 1 };
with
    State = found with { Epoch = Math.Max(found.Epoch, 1) };
end
