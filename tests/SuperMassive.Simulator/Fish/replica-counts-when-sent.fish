A replica counts as having applied what was only sent to it.

file src/SuperMassive.Core/Node/ReplicaFeed.cs
replace
    _sentLsn += bytes.Length;
with
    _sentLsn += bytes.Length;
    AckedLsn = _sentLsn;
end
