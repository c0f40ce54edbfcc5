namespace SuperMassive.Core.Node;

/// <summary>
/// Who the file's answers about a checkpoint are for: this node's own <see cref="Checkpointer"/>, or a replica that starts over from
/// its primary's. Answers come in the order of the questions, and a replica begins none of its own while it takes its primary's: as
/// long as an answer to the node's own is owed, it is the next.
/// </summary>
internal sealed class NodeCheckpoints(Checkpointer own, ReplicaSync? sync)
{
    /// <inheritdoc cref="Checkpointer.Lsn"/>
    public long Lsn => own.Lsn;

    /// <inheritdoc cref="Checkpointer.Bytes"/>
    public long Bytes => own.Bytes;

    /// <inheritdoc cref="Checkpointer.UncuttableLsn"/>
    public long UncuttableLsn => own.UncuttableLsn;

    /// <summary>The replica whose primary's checkpoint is being written, or null when the answer is for this node's own.</summary>
    private ReplicaSync? Taking => own.IsAwaiting ? null : sync;

    /// <inheritdoc cref="Checkpointer.EndBatch"/>
    public void EndBatch() => own.EndBatch();

    public void Written(long totalBytes)
    {
        if (Taking is { } taking)
            taking.Checkpoint.Written();
        else
            own.Written(totalBytes);
    }

    public void Installed(long lsn)
    {
        if (Taking is not { } taking)
            own.Installed(lsn);
        else if (taking.Checkpoint.Installed(lsn) is { } installed)
            own.TakeOver(installed);
    }

    public void Failed(string why)
    {
        if (Taking is { } taking)
            taking.CheckpointFailed(why);
        else
            own.Failed(why);
    }

    /// <summary>The journal was cut at <paramref name="lsn"/>; at 0 all of it is gone, and the checkpoints with it.</summary>
    public void JournalCut(long lsn)
    {
        if (lsn == 0)
            own.JournalReset();
        else
            own.JournalCut();
    }
}
