INCR adds to what a replica holds, whatever its version, while the holder is away.

file src/SuperMassive.Core/Cluster/Counts.cs
replace
    reply.IsError || !reply.HasValue || reply.Version != operation.Expected
with
    reply.IsError || !reply.HasValue
end
