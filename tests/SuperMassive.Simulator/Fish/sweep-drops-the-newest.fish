The sweep after a node came back drops the newest of several copies.

file src/SuperMassive.Core/Cluster/Sweeper.cs
replace
    core.Reads.Resolve(key, hash);
with
    copies.Shard.Primary.Drop(key, hash, copies.Version.Next);
end
