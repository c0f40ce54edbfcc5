A replica whose journal is cut still names the epochs that were cut off.

file src/SuperMassive.Core/Node/Replication/ReceivedJournal.cs
replace
    _data.ForgetHistoryFrom(lsn);
with
end
