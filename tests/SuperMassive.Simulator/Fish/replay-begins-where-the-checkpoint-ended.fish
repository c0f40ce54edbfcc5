What was written while the checkpoint was walked is not replayed.

file src/SuperMassive.Core/Node/NodeRecovery.cs
replace
    public long StartLsn => Checkpoint?.Lsn ?? 0;
with
    public long StartLsn => Checkpoint is null ? 0 : CheckpointEndLsn;
end
replace
    JournalReader.Resume(header.JournalId, header.Epoch, header.Lsn, header.DataBytes, SegmentPages)
with
    JournalReader.Resume(header.JournalId, header.Epoch, CheckpointEndLsn, header.DataBytes, SegmentPages)
end
