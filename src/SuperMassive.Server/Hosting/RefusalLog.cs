using System.Runtime.InteropServices;

namespace SuperMassive.Server.Hosting;

/// <summary>
/// Which refused logins are worth a line: a peer with the wrong key tries again every two seconds, for ever, each time from another
/// port. One line a minute for a host and a reason; the next says how many were left out. All of them are counted as events.
/// </summary>
internal sealed class RefusalLog
{
    public const long IntervalMs = 60_000;

    /// <summary>Whoever tries from more hosts than this shares one line with the rest, so that nobody can fill the memory.</summary>
    public const int MaxHosts = 1_024;

    private readonly Dictionary<(string Host, string Reason), Entry> _entries = [];

    /// <returns>How many were left out since the last line of that host and reason; null when this one is left out too.</returns>
    /// <param name="peer"><c>host:port</c>.</param>
    public int? Admit(string peer, string reason, long nowMs)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, KeyOf(peer, reason, nowMs), out var isKnown);
        if (isKnown && nowMs - entry.LoggedMs < IntervalMs)
        {
            entry.LeftOut++;
            return null;
        }
        var leftOut = entry.LeftOut;
        entry = new Entry(nowMs, 0);
        return leftOut;
    }

    private (string Host, string Reason) KeyOf(string peer, string reason, long nowMs)
    {
        var colon = peer.LastIndexOf(':');
        var key = (colon < 0 ? peer : peer[..colon], reason);
        if (_entries.Count < MaxHosts || _entries.ContainsKey(key))
            return key;
        foreach (var (old, entry) in _entries)
        {
            if (nowMs - entry.LoggedMs >= IntervalMs)
                _entries.Remove(old);
        }
        return _entries.Count < MaxHosts ? key : ("", reason);
    }

    private record struct Entry(long LoggedMs, int LeftOut);
}
