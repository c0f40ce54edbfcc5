using SuperMassive.Simulator.Time;

namespace SuperMassive.Simulator.Processes;

/// <summary>A machine's two clocks: a wall clock that is off and jumps, and a monotonic one that begins anywhere and only runs.</summary>
public sealed class SimClock(Scheduler scheduler, SimRandom random)
{
    /// <summary>Noon of 2026-01-01, UTC: any date does, as long as every run has the same.</summary>
    private const long EpochUnixMs = 1_767_268_800_000;

    private long _monotonicBaseMs = random.Below(1_000_000);

    /// <summary>How far the wall clock is off.</summary>
    public long OffsetMs { get; set; } = random.Between(-20, 20);

    public long UnixMs => EpochUnixMs + scheduler.NowUs / 1_000 + OffsetMs;

    public long MonotonicMs => _monotonicBaseMs + scheduler.NowUs / 1_000;

    /// <summary>After a power cut the monotonic clock begins anew.</summary>
    public void Reboot() => _monotonicBaseMs = random.Below(1_000_000) - scheduler.NowUs / 1_000;
}
