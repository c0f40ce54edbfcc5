What a power cut left in part is taken for corruption.

file src/SuperMassive.Core/Journal/JournalScan.cs
replace
    _mayHaveHoles && Reader.AppliedLsn >= _syncedLsn
with
    _mayHaveHoles && Reader.AppliedLsn < 0
end
