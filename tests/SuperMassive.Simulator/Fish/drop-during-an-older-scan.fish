A copy is dropped while a scan that began earlier has yet to pass it: it may see neither the new holder nor the old one.

file src/SuperMassive.Core/Cluster/Drops.cs
replace
    else if (core.Scans.HasYetToPass(shard, key, core.Scans.Youngest))
with
    else if (core.Scans.Youngest < 0)
end
