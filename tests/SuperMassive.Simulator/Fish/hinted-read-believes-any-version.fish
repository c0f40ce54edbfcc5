The holder named by a hint is believed whatever version it answers.

file src/SuperMassive.Core/Cluster/Reads.cs
replace
    (reply.Version == operation.Expected ||
with
    (reply.Version != Version.None ||
end
