using System.Collections.Immutable;
using System.Globalization;
using SuperMassive.Server.Hosting;

namespace SuperMassive.Server.Telemetry;

/// <summary>
/// Where the loop publishes what it looks like, and where every other thread reads it: health checks and metrics ask this and never
/// the loop, so that nobody who asks can slow it down.
/// </summary>
/// <param name="stuckMs">A loop that has not turned for this long is not alive.</param>
public sealed class LoopMonitor(int stuckMs = LoopMonitor.StuckMs)
{
    /// <summary>The loop turns at least every 50 ms.</summary>
    public const int StuckMs = 10_000;

    /// <summary>How old figures may be.</summary>
    public const int PublishMs = 250;

    private IReadOnlyList<HostedCore> _cores = [];
    private Func<IReadOnlyList<HostedCore>, string?> _problemOf = static _ => null;
    private long _publishedMs;
    private long _turnedMs;
    private volatile LoopSnapshot? _snapshot;
    private volatile string? _unready = "starting";
    private volatile Recovery? _recovery;

    /// <summary>What was published last; null before the first turn.</summary>
    public LoopSnapshot? Snapshot => _snapshot;

    /// <summary>The part of the journal that has been read, 0 to 1; null in a process without one.</summary>
    public double? RecoveryProgress => _recovery is not { } recovery ? null
        : recovery.AllBytes == 0 ? 1
        : (double)recovery.DoneBytes / recovery.AllBytes;

    /// <summary>The journal is being read.</summary>
    public void Recovering(long doneBytes, long allBytes)
    {
        _recovery = new Recovery(doneBytes, allBytes);
        var percent = allBytes == 0 ? 100 : (int)(100 * (double)doneBytes / allBytes);
        _unready = string.Create(CultureInfo.InvariantCulture, $"recovering {percent} %");
    }

    /// <summary>The cores are there, and the loop begins to turn.</summary>
    public void Start(IReadOnlyList<HostedCore> cores, Func<IReadOnlyList<HostedCore>, string?> problemOf, long nowMs)
    {
        _cores = cores;
        _problemOf = problemOf;
        if (_recovery is { } recovery)
            _recovery = recovery with { DoneBytes = recovery.AllBytes };
        Volatile.Write(ref _turnedMs, nowMs);
        _publishedMs = nowMs;
        Publish();
        _unready = null;
    }

    public void Stopping() => _unready = "stopping";

    /// <summary>The loop has turned; on its thread. Allocates only when it is time to publish.</summary>
    public void Turned(long nowMs)
    {
        Volatile.Write(ref _turnedMs, nowMs);
        if (nowMs - _publishedMs < PublishMs)
            return;
        _publishedMs = nowMs;
        Publish();
    }

    /// <summary>Why the process cannot be helped but by a restart, or null.</summary>
    public string? LiveProblem(long nowMs)
    {
        var stillMs = nowMs - Volatile.Read(ref _turnedMs);
        return _unready is null && stillMs > stuckMs
            ? string.Create(CultureInfo.InvariantCulture, $"the loop has not turned for {stillMs / 1_000} s")
            : null;
    }

    /// <summary>Why the process should get no work now, or null.</summary>
    public string? ReadyProblem(long nowMs) => _unready ?? LiveProblem(nowMs) ?? _snapshot?.Problem;

    private void Publish()
    {
        var cores = ImmutableArray.CreateBuilder<CoreSnapshot>(_cores.Count);
        foreach (var core in _cores)
            cores.Add(core.Snapshot());
        Publish(new LoopSnapshot(cores.MoveToImmutable(), _problemOf(_cores)));
    }

    internal void Publish(LoopSnapshot snapshot) => _snapshot = snapshot;

    private sealed record Recovery(long DoneBytes, long AllBytes);
}
