A cluster process that was replaced raises its epoch and rules again.

file src/SuperMassive.Core/Cluster/StateFile.cs
replace
    if (!_isStarting && !link.IsReplica)
with
    if (_highestEpoch < 0)
end
replace
    if (_isStarting && epoch >= State.Epoch)
with
    if (epoch >= State.Epoch)
end
