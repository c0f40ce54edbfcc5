A node that starts from a checkpoint forgets which cluster process it obeys.

file src/SuperMassive.Core/Node/NodeData.cs
replace
    Fence = header.Fence;
with
end
