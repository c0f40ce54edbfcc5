Of two equal copies each gather keeps the one it saw first.

file src/SuperMassive.Core/Cluster/Gather.cs
replace
    || (reply.Version == operation.Best && reply.HasValue && operation.BestShard is { } best
                    && string.CompareOrdinal(shard.Address, best.Address) < 0)
with
end
