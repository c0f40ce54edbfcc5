A primary that had no room is trusted again without being told the deletions that it refused.

file src/SuperMassive.Core/Cluster/CatchUp.cs
replace
    core.Members.CatchUp(shard);
with
    shard.MissesDeletions = false;
end
