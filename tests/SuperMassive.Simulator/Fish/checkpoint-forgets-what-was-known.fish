A node that starts from a checkpoint forgets up to where it knew all deletions.

file src/SuperMassive.Core/Node/NodeData.cs
replace
    KnownThrough = header.KnownThrough;
with
end
