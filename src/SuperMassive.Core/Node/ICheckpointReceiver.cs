namespace SuperMassive.Core.Node;

/// <summary>Whoever asks for the bytes of the installed checkpoint, to send them on.</summary>
internal interface ICheckpointReceiver
{
    /// <inheritdoc cref="NodeCore.CheckpointRead"/>
    void CheckpointRead(long checkpointLsn, long offset, ReadOnlySpan<byte> bytes, long totalBytes);
}
