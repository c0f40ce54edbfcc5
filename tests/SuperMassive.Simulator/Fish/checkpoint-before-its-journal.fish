A checkpoint is installed before the journal is on the disk as far as the checkpoint reaches.

file src/SuperMassive.Core/Node/Checkpointer.cs
replace
    _unanswered == 0 && _node.SyncedLsn >= _runEndLsn
with
    _unanswered == 0
end
