using SuperMassive.Core.Journal;

namespace SuperMassive.Core.Node;

/// <summary>Who needs room for a record. The later ones may use what the earlier ones must leave.</summary>
internal enum RecordUse : byte
{
    /// <summary>PUT, ADD, DEL.</summary>
    Client,

    /// <summary>What the cluster clears up with, and what a primary takes back from its replica.</summary>
    Upkeep,

    /// <summary>A start of this node or of a cluster process: without it not even reads go on.</summary>
    Start,
}

/// <summary>
/// Whether the disk has room for a record. Asked before anything of the record is applied, so that the table never shows what the
/// journal cannot keep.
/// </summary>
internal sealed class JournalSpace(NodeCore node, INodeEffects effects)
{
    /// <summary>Room for some hundred starts.</summary>
    private const long StartBytes = 16 << 10;

    private const long UpkeepBytes = 48 << 10;

    /// <summary>Room that comes and goes is told at most this often.</summary>
    private const int CheckIntervalMs = 1_000;

    private long _refusedBytes;
    private long _nextCheckMs;

    /// <summary>A record was refused, and there is no room for the like of it yet.</summary>
    public bool IsFull { get; private set; }

    /// <param name="recordBytes">Encoded, or anything else that goes with it into the journal.</param>
    /// <param name="unwrittenBytes">What was appended before it and the shell has not been given.</param>
    public bool Has(long recordBytes, long unwrittenBytes, RecordUse use)
    {
        var neededBytes = unwrittenBytes + JournalWriter.MaxBytesFor(recordBytes) + use switch
        {
            RecordUse.Client => UpkeepBytes + StartBytes,
            RecordUse.Upkeep => StartBytes,
            _ => 0,
        };
        if (IsThere(neededBytes))
            return true;
        Refused(recordBytes, neededBytes);
        return false;
    }

    public void Tick()
    {
        if (!IsFull || node.NowMs < _nextCheckMs)
            return;
        _nextCheckMs = node.NowMs + CheckIntervalMs;
        if (!IsThere(_refusedBytes))
            return;
        IsFull = false;
        effects.Report(CoreEvent.JournalHasRoom, node.Settings.Address, $"{effects.JournalRoomBytes} bytes");
    }

    private bool IsThere(long bytes) => effects.JournalRoomBytes >= bytes || effects.ReserveJournal(bytes) >= bytes;

    private void Refused(long recordBytes, long neededBytes)
    {
        _refusedBytes = Math.Max(JournalWriter.MaxBytesFor(recordBytes) + UpkeepBytes + StartBytes, neededBytes);
        _nextCheckMs = node.NowMs + CheckIntervalMs;
        if (IsFull)
            return;
        IsFull = true;
        effects.Report(CoreEvent.JournalFull, node.Settings.Address,
            $"{neededBytes} bytes are needed, {effects.JournalRoomBytes} are left");
    }
}
