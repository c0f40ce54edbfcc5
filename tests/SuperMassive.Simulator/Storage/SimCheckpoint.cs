namespace SuperMassive.Simulator.Storage;

/// <summary>An installed checkpoint: its file, and whether the directory names it.</summary>
public sealed class SimCheckpoint(long lsn, SimFile file)
{
    public long Lsn { get; } = lsn;

    public SimFile File { get; } = file;

    /// <summary>As the process sees the directory.</summary>
    public bool IsNamed { get; set; } = true;

    /// <summary>As a power cut leaves it for certain.</summary>
    public bool IsNamedDurably { get; set; }
}
