A deletion that a primary refused is not remembered for it.

file src/SuperMassive.Core/Cluster/Deletes.cs
replace
    link.Shard.Missed();
with
end
