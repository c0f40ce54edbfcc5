A gather takes the last live value that it hears, newest or not.

file src/SuperMassive.Core/Cluster/Gather.cs
replace
    if (!isBetter) return;
with
    if (!isBetter && !reply.HasValue)
        return;
end
