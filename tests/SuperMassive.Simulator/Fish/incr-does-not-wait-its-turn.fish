An INCR looks for its holder while one before it still does.

file src/SuperMassive.Core/Cluster/Counts.cs
replace
    if (MustWait(operation)) return;
with
end
