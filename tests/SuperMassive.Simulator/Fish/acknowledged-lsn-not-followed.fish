How far a primary has acknowledged is only learnt when it joins.

file src/SuperMassive.Core/Cluster/ReplyRouter.cs
replace
    link.Shard.Acked(reply.Lsn);
with
    _ = reply.Lsn;
end
