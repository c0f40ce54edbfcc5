Versions do not go on above what the nodes hold.

file src/SuperMassive.Core/Cluster/Membership.cs
replace
    _core.Clock.Observe(node.Highest);
with
end
