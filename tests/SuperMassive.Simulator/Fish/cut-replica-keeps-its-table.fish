A replica that starts over keeps what it held.

file src/SuperMassive.Core/Node/ReplicaSync.cs
replace
    if (lsn == 0)
     _data.Clear();
     else
with
    if (lsn > 0)
end
