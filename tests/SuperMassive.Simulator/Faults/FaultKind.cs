namespace SuperMassive.Simulator.Faults;

/// <summary>What may go wrong. Lower-case names are those of <c>--faults</c>.</summary>
public enum FaultKind : byte
{
    /// <summary>kill -9 of a server, which is started again later.</summary>
    Crash,

    /// <summary>A server dies in the middle of a journal write, or after it and before its replies leave.</summary>
    CrashWrite,

    /// <summary>A server's machine loses power.</summary>
    Power,

    /// <summary>SIGSTOP for up to several seconds.</summary>
    Pause,

    /// <summary>The wall clock jumps by up to an hour, either way.</summary>
    Clock,

    /// <summary>Nothing passes between two processes, in either direction.</summary>
    Partition,

    /// <summary>Nothing passes from one process to another; the other direction works.</summary>
    OneWay,

    /// <summary>A connection is reset at any byte.</summary>
    Reset,

    /// <summary>A connection falls silent and neither end is told.</summary>
    HalfOpen,

    /// <summary>The network is slow and lossy for a while.</summary>
    SlowNetwork,

    /// <summary>Writes and fsyncs of one process take long.</summary>
    SlowDisk,

    /// <summary>One fsync fails.</summary>
    FailSync,

    /// <summary>Writes fail for a while.</summary>
    FailWrite,

    /// <summary>A disk is full for a while.</summary>
    FullDisk,

    /// <summary>A bit of what was synced flips.</summary>
    BitFlip,

    /// <summary>A client process is killed with requests under way.</summary>
    ClientCrash,

    /// <summary>A client takes no replies for a while.</summary>
    SlowClient,

    /// <summary>All servers die at once and come back one after the other.</summary>
    Blackout,

    /// <summary>SIGTERM of a server: it drains, ends and is started again later.</summary>
    Stop,

    /// <summary>The cluster process hangs, and a second one takes its place for good; later the first wakes up.</summary>
    Takeover,

    /// <summary>A primary loses its disk and goes on with a copy of its best replica's, which has all that was answered.</summary>
    DiskLoss,

    /// <summary>Nodes and replicas come and go, settings change, files are invalid: RCNF under load.</summary>
    Reconfigure,

    /// <summary>A primary with data is taken out of the configuration and comes back later.</summary>
    Removal,

    /// <summary>Checkpoints cannot be written for a while.</summary>
    FailCheckpoint,

    /// <summary>The cluster process loses its state file and starts with an empty one.</summary>
    StateLoss,

    /// <summary>A replica's table becomes something else than its primary's, as broken memory would make it.</summary>
    Rot,

    /// <summary>A replica's disk is replaced by an empty one; alone in a run, a primary's too.</summary>
    Emptied,
}

/// <summary>Which kinds of fault a run may draw from.</summary>
public readonly record struct FaultSet(uint Bits)
{
    public static FaultSet None => default;

    public static FaultSet All => new((1u << Enum.GetValues<FaultKind>().Length) - 1);

    /// <summary>
    /// What changes so much that most runs do without, so that everything else is seen in peace: how many (per mille) see it.
    /// </summary>
    public static int PerMille(FaultKind kind) => kind switch
    {
        FaultKind.Blackout => 300,
        FaultKind.Takeover => 80,
        FaultKind.DiskLoss => 80,
        FaultKind.Reconfigure => 150,
        FaultKind.Removal => 40,
        FaultKind.StateLoss => 40,
        FaultKind.Rot => 40,
        FaultKind.Emptied => 80,
        _ => 1_000,
    };

    public int Count => System.Numerics.BitOperations.PopCount(Bits);

    public bool Contains(FaultKind kind) => (Bits & 1u << (int)kind) != 0;

    public FaultSet With(FaultKind kind) => new(Bits | 1u << (int)kind);

    public FaultSet With(FaultSet others) => new(Bits | others.Bits);

    public FaultSet Without(FaultKind kind) => new(Bits & ~(1u << (int)kind));

    public FaultSet And(FaultSet others) => new(Bits & others.Bits);

    public FaultSet Without(FaultSet others) => new(Bits & ~others.Bits);

    /// <summary>Parses <c>all</c>, <c>none</c> or a list of names; a leading minus takes one away: <c>all,-power</c>.</summary>
    /// <returns>Whether every name is known; otherwise <paramref name="error"/> names the one that is not, and those that are.</returns>
    public static bool TryParse(string text, out FaultSet set, out string error)
    {
        set = None;
        error = "";
        foreach (var word in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (word is "all" or "none")
                set = word == "all" ? All : None;
            else if (Enum.TryParse<FaultKind>(word.TrimStart('-'), ignoreCase: true, out var kind) && Enum.IsDefined(kind))
                set = word[0] == '-' ? set.Without(kind) : set.With(kind);
            else
            {
                error = $"unknown fault '{word}'; known are all, none, {string.Join(", ", Enum.GetNames<FaultKind>()).ToLowerInvariant()}";
                return false;
            }
        }
        return true;
    }

    public override string ToString()
    {
        var self = this;
        return Bits == 0 ? "none" : string.Join(',', Enum.GetValues<FaultKind>().Where(self.Contains)).ToLowerInvariant();
    }
}
