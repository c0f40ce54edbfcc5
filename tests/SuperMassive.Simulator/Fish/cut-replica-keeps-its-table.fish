A replica that starts over keeps what it held.

file src/SuperMassive.Core/Node/Replication/ReceivedJournal.cs
replace
    _data.Clear();
     _head = null;
with
    _data.ForgetHistoryFrom(0);
    _head = null;
end
