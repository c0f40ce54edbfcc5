A gather that a write overtook sets the hint to the older value it saw.

file src/SuperMassive.Core/Cluster/Gather.cs
replace
    if (state.Newest > operation.Best || (hinted > operation.HintAtStart && hinted > operation.Best))
with
    if (hinted == Version.None && state.Newest > operation.Best && operation.Legs > 0)
end
