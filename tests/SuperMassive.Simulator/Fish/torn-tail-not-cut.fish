The rest of an unfinished write stays in the journal, and new records follow it.

file src/SuperMassive.Core/Journal/JournalScan.cs
replace
    return new JournalVerdict(state, endLsn,
with
    return new JournalVerdict(state, Reader.FedLsn,
end
