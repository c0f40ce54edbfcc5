using Microsoft.Extensions.Logging;

namespace SuperMassive.Server.Hosting;

/// <summary>Says how far a recovery is, once a second for as long as it takes; a short one says nothing.</summary>
/// <param name="next">Is told of every step.</param>
internal sealed class RecoveryLog(ILogger logger, Action<long, long>? next, TimeProvider? time = null)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private long _begun;
    private long _logged;

    /// <param name="doneBytes">Bytes read.</param>
    /// <param name="allBytes">Bytes in all.</param>
    public void Report(long doneBytes, long allBytes)
    {
        next?.Invoke(doneBytes, allBytes);
        var now = _time.GetTimestamp();
        if (_begun == 0)
            _begun = _logged = now;
        if (_time.GetElapsedTime(_logged, now) < Interval || doneBytes == 0 || doneBytes >= allBytes)
            return;
        _logged = now;
        var leftSeconds = _time.GetElapsedTime(_begun, now).TotalSeconds * (allBytes - doneBytes) / doneBytes;
        CoreLog.Recovering(logger, (int)(100 * (double)doneBytes / allBytes), allBytes, (long)Math.Ceiling(leftSeconds));
    }
}
