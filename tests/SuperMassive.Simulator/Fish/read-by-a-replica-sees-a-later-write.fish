A replica's answer to a read holds what the same connection wrote behind it: its primary, back again, has passed it on.

file src/SuperMassive.Core/Cluster/Reads.cs
replace
    && !(link.IsReplica && operation.ComesBefore(version));
with
    ;
end

file src/SuperMassive.Core/Cluster/Gather.cs
replace
    else if (reply.IsError || (link.IsReplica && operation.ComesBefore(reply.Version)))
with
    else if (reply.IsError)
end
