After a node came back with data nobody looks for old copies.

file src/SuperMassive.Core/Cluster/Sweeper.cs
replace
    _isWanted = _foundData;
with
    _isWanted = false;
end
