The rest of an unfinished write stays in the journal, and new records follow it.

file src/SuperMassive.Core/Journal/JournalScan.cs
replace
    new JournalVerdict(state, Reader.AppliedLsn,
with
    new JournalVerdict(state, Reader.FedLsn,
end
