A replica answers while it starts over from a checkpoint.

file src/SuperMassive.Core/Node/ReplicaSync.cs
replace
    ReceivedLsn > 0 && !Differs && !Checkpoint.IsOn
with
    ReceivedLsn > 0 && !Differs
end
