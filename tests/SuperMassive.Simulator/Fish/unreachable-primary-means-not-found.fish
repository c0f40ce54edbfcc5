A gather that could not hear a primary is as good as one that heard all.

file src/SuperMassive.Core/Cluster/Gather.cs
replace
    operation.Unheard == 0
     || 
with
    operation.Unheard >= 0
     || 
end
