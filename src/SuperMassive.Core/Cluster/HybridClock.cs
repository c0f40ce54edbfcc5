using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>
/// Assigns versions: never the same twice and never going back, across restarts too. Versions stay below a ceiling that was saved
/// durably before, and the next start begins at that ceiling.
/// </summary>
internal sealed class HybridClock
{
    /// <summary>How far ahead of the clock the ceiling is saved.</summary>
    private const int AheadMs = 10_000;

    private Version _ceiling;
    private long _unixMs;

    public HybridClock(Version ceiling)
    {
        Last = ceiling;
        _ceiling = ceiling;
    }

    /// <summary>The newest version assigned or seen.</summary>
    public Version Last { get; private set; }

    public long UnixMs => _unixMs;

    /// <summary>Whether a new ceiling should be saved now: half of the way to the old one is gone.</summary>
    public bool NeedsCeiling => _ceiling.UnixMs - Math.Max(_unixMs, Last.UnixMs) < AheadMs / 2;

    public Version NextCeiling => Version.At(Math.Max(_unixMs, Last.UnixMs) + AheadMs);

    public void SetTime(long unixMs) => _unixMs = unixMs;

    public void SetCeiling(Version saved)
    {
        if (saved > _ceiling)
            _ceiling = saved;
    }

    /// <summary>A node holds this version: whatever is assigned from now on is newer.</summary>
    public void Observe(Version version)
    {
        if (version > Last)
            Last = version;
    }

    /// <returns>False while the ceiling is reached; a higher one has to be saved first.</returns>
    public bool TryNext(out Version version)
    {
        var now = Version.At(_unixMs);
        version = now > Last && now < _ceiling ? now : Last.Next;
        if (version >= _ceiling)
            return false;
        Last = version;
        return true;
    }
}
