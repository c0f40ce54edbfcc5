The journal is let go up to where the checkpoint ended.

file src/SuperMassive.Core/Node/Checkpointer.cs
replace
    return Math.Min(Lsn, Math.Max(neededLsn, affordedLsn));
with
    return EndLsn;
end
