DEL says that it deleted something, because some primary held it, although another could not be heard.

file src/SuperMassive.Core/Cluster/Deletes.cs
replace
    operation.BestIsLive && operation.Unheard == 0
with
    operation.BestIsLive
end
