A read of a pipeline may show less than the one before it did.

file src/SuperMassive.Core/Cluster/ClientSession.cs
replace
    operation.Hash == read.Hash && operation.Best < read.Best
with
    operation.Hash == read.Hash && operation.Best < Version.None
end
