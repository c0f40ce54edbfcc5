ADD adds to whatever value is there.

file src/SuperMassive.Core/Node/NodeWrites.cs
replace
    if (!exists || held.IsTombstone || held.Version != expected)
with
    if (!exists || held.IsTombstone)
end
