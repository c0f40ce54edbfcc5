namespace SuperMassive.Cli.Bench;

/// <summary>A command that was sent, and what must be remembered to judge its reply.</summary>
internal struct Pending
{
    public BenchCommandKind Command;

    /// <summary>A key that is counted, and not one of values.</summary>
    public bool IsCounter;

    /// <summary>Whether the asking connection is the only one that writes the key.</summary>
    public bool IsOwn;

    /// <summary>Whether its latency counts, if its reply comes in time.</summary>
    public bool IsMeasured;

    public int Index;

    /// <summary>PUT, DEL: the key's write that this is.</summary>
    public int Write;

    /// <summary>
    /// A read of somebody else's key, or INCR: the newest write (or increment) acknowledged before. The reply must not be older.
    /// </summary>
    public int Oldest;

    /// <summary>A read of an own key: the newest write sent before. The reply cannot be newer.</summary>
    public int Newest;

    /// <summary>A read or DEL of an own key: the newest deletion sent before.</summary>
    public int Deleted;

    /// <summary>Stopwatch ticks.</summary>
    public long SentAt;
}
