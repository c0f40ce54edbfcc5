namespace SuperMassive.Simulator.Storage;

/// <summary>
/// The mark beside a journal: what was synced, and in which boot of the machine. It is rewritten without an fsync of its own, in one
/// sector, so a power cut leaves the last one or an older one.
/// </summary>
public sealed class SimMark
{
    private (long SyncedLsn, int Boot) _written;
    private (long SyncedLsn, int Boot) _durable;

    public long SyncedLsn => _written.SyncedLsn;

    public int Boot => _written.Boot;

    /// <summary>What it will claim at least, whatever happens.</summary>
    public long LowestLsn => Math.Min(_written.SyncedLsn, _durable.SyncedLsn);

    public void Write(long syncedLsn, int boot, SimRandom random)
    {
        _written = (syncedLsn, boot);
        if (random.Chance(100))
            _durable = _written;
    }

    /// <summary>Rewrites it with an fsync, before the journal loses what it claims.</summary>
    public void WriteDurably(long syncedLsn, int boot) => _written = _durable = (syncedLsn, boot);

    public void CutPower(SimRandom random) => _written = _durable = random.Chance(500) ? _written : _durable;
}
