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

    /// <summary>More than this no clock is put ahead at once: nodes further ahead than a day would not be let in.</summary>
    private const long MaxLeadMs = 12 * 3_600_000;

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

    /// <summary>
    /// Goes above all that the processes up to <paramref name="epoch"/> can have assigned, though no node here has seen it: each began at
    /// the ceiling of the one before, so none was further ahead of its clock than that many times <see cref="AheadMs"/>.
    /// </summary>
    public void PassEpochs(long epoch) => Observe(Version.At(_unixMs + Math.Min(epoch, MaxLeadMs / AheadMs) * AheadMs));

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
