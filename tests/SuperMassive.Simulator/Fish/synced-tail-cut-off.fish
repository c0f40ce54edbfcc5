A journal that goes bad before what was synced is cut there.

file src/SuperMassive.Core/Journal/JournalScan.cs
replace
    if (endLsn < _syncedLsn)
with
    if (endLsn < 0)
end
replace
    var state = IsCertain ? JournalState.Corrupt
with
    var state = IsCertain && _validAfterLsn is null ? JournalState.Corrupt
end
