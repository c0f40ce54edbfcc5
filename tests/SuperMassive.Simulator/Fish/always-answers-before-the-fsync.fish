In mode always an answer leaves when its record is written, not when it is synced.

file src/SuperMassive.Core/Node/NodeCore.cs
replace
    _ => _syncedLsn,
     };
with
    _ => _writtenLsn,
    };
end
