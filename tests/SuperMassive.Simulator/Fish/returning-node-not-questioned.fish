A node that was away while deletions were forgotten is let in with its data.

file src/SuperMassive.Core/Cluster/Membership.cs
replace
    return node.Entries > 0 && node.KnownThrough < PurgedThrough
with
    return node.Entries < 0 && node.KnownThrough < PurgedThrough
end
