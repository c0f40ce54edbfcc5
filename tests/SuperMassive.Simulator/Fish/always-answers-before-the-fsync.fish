In mode always an answer leaves when its record is written, not when it is synced.

file src/SuperMassive.Core/Node/NodeJournal.cs
replace
    _ => SyncedLsn,
     };
with
    _ => WrittenLsn,
    };
end
