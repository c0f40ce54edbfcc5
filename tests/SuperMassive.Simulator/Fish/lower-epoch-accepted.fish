A node lets an older cluster process in again.

file src/SuperMassive.Core/Node/NodeJoins.cs
replace
    epoch < fence.Epoch ||
with
    epoch < 0 ||
end
