A node lets an older cluster process in again.

file src/SuperMassive.Core/Node/NodeJoins.cs
replace
    if (IsStale(fence, data.Fence, output))
with
    if (IsStale(fence, default, output))
end
