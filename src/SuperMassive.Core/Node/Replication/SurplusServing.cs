using System.Text;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Node.Replication;

/// <summary>
/// One SURPLUS: what a replica holds of journal or checkpoint, for a primary that lost it. Nothing else is read meanwhile.
/// </summary>
internal sealed class SurplusServing(NodeCore node, INodeEffects effects, PeerSession session) : ICheckpointReceiver
{
    private const int MaxBytes = 1 << 20;

    /// <summary>
    /// <c>SURPLUS lsn count</c> → that much of the journal, or less, nothing at its end. An error names the first LSN held when these
    /// pages are gone. <c>SURPLUS offset count CHECKPOINT</c> → [first LSN of the journal, LSN of the checkpoint, its length (0: there is
    /// none), bytes].
    /// </summary>
    /// <returns>Whether the arguments made sense.</returns>
    public bool Begin(in Command command, OutputBuffer output)
    {
        if (!RespCursor.TryParse(command[0], out long at) || at < 0 || !RespCursor.TryParse(command[1], out long count) || count < 1)
            return false;
        var maxBytes = (int)Math.Min(count, MaxBytes);
        if (command.ArgumentCount == 3)
        {
            if (!command[2].SequenceEqual("CHECKPOINT"u8))
                return false;
            session.Channel.IsReadingPaused = true;
            effects.ReadCheckpoint(this, at, maxBytes);
            return true;
        }
        if (at < effects.FirstJournalLsn)
        {
            RespWriter.Error(output, Encoding.ASCII.GetBytes($"ERR the journal here begins at {effects.FirstJournalLsn}: {at} is gone"));
            return true;
        }
        session.Channel.IsReadingPaused = true;
        effects.ReadJournal(this, at, maxBytes);
        return true;
    }

    public void JournalRead(ReadOnlySpan<byte> bytes)
    {
        if (session.IsClosed)
            return;
        RespWriter.Bulk(session.Channel.Output, bytes);
        Answered();
    }

    public void CheckpointRead(long checkpointLsn, long offset, ReadOnlySpan<byte> bytes, long totalBytes)
    {
        if (session.IsClosed)
            return;
        var output = session.Channel.Output;
        RespWriter.Array(output, 4);
        RespWriter.Integer(output, effects.FirstJournalLsn);
        RespWriter.Integer(output, checkpointLsn);
        RespWriter.Integer(output, totalBytes);
        RespWriter.Bulk(output, bytes);
        Answered();
    }

    private void Answered()
    {
        node.Touch(session);
        session.Channel.IsReadingPaused = false;
    }
}
