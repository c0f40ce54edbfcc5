using SuperMassive.Core.Journal;

namespace SuperMassive.Core.Node;

/// <summary>
/// What a journal on disk amounts to: fed record by record before the node starts, then handed to <see cref="NodeCore"/>.
/// </summary>
public sealed class NodeRecovery(long hashSeed)
{
    public NodeData Data { get; } = new(hashSeed);

    /// <summary>The journal's identity; null when there is no journal yet.</summary>
    public JournalId? JournalId { get; private set; }

    /// <summary>Number of the last epoch whose pages were found.</summary>
    public uint Epoch { get; private set; }

    /// <summary>Where the journal ends, its torn tail already cut off.</summary>
    public long EndLsn { get; private set; }

    /// <summary>Bytes of the journal's records, without headers and padding.</summary>
    public long DataBytes { get; private set; }

    public long Records { get; private set; }

    public void Apply(in Record record, long endLsn)
    {
        Data.Apply(record);
        Records++;
    }

    public void Complete(JournalId? journalId, uint epoch, long endLsn, long dataBytes)
    {
        JournalId = journalId;
        Epoch = epoch;
        EndLsn = endLsn;
        DataBytes = dataBytes;
    }
}
