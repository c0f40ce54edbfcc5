A gather lets an old copy win over a newer tombstone.

file src/SuperMassive.Core/Cluster/Gather.cs
replace
    reply.HasValue && operation.BestShard is { } best
with
    reply.HasValue && operation.BestShard is { } best
end
replace
    if (!isBetter)
     return;
with
    if (!isBetter || (!reply.HasValue && operation.BestIsLive))
        return;
end
