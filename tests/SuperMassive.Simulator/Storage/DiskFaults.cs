namespace SuperMassive.Simulator.Storage;

/// <summary>What is wrong with one process' disk at the moment.</summary>
public sealed class DiskFaults
{
    /// <summary>Writes fail while set.</summary>
    public bool WritesFail { get; set; }

    /// <summary>The next fsync fails; then this is over, as the kernel reports an error once.</summary>
    public bool NextSyncFails { get; set; }

    /// <summary>The next write ends somewhere in its middle, and the process dies with it.</summary>
    public bool DiesInNextWrite { get; set; }

    /// <summary>Writes of checkpoints fail while set.</summary>
    public bool CheckpointsFail { get; set; }

    /// <summary>What happens at some moment of the next fsync: the time when a loss hurts most.</summary>
    public Action? DuringNextSync { get; set; }

    /// <summary>How long an fsync of this disk may take without anything being wrong.</summary>
    public int SlowestSyncUs { get; set; } = 4_000;

    /// <summary>What every write and fsync takes longer than usual.</summary>
    public int ExtraUs { get; set; }

    /// <summary>Bytes the journal may have before the disk is full.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>Whether it can set room aside; otherwise it promises what it may not be able to keep.</summary>
    public bool CanReserve { get; init; } = true;

    public void Clear()
    {
        WritesFail = NextSyncFails = DiesInNextWrite = CheckpointsFail = false;
        ExtraUs = 0;
        DuringNextSync = null;
        CapacityBytes = long.MaxValue;
    }
}
