A replica that starts over acknowledges what a crash would still take.

file src/SuperMassive.Core/Node/ReplicaSync.cs
replace
    RespWriter.Integer(output, Checkpoint.IsOn ? 0 : AppliedLsn);
with
    RespWriter.Integer(output, AppliedLsn);
end
replace
    if (Checkpoint.IsOn) { RespWriter.Simple
with
    if (AppliedLsn < 0)
    {
        RespWriter.Simple
end
