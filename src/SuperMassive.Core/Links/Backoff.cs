namespace SuperMassive.Core.Links;

/// <summary>
/// When to try again to reach a peer: 50 ms after the first failure, doubling up to the peer's <c>retry-wait-time</c>, and after
/// <c>max-retries</c> attempts once every health check. Jitter of a fifth keeps many links from knocking in step.
/// </summary>
internal sealed class Backoff(IEffects effects)
{
    private const int FirstWaitMs = 50;

    private int _failures;

    public void Reset() => _failures = 0;

    /// <returns>Milliseconds to wait after one more failure.</returns>
    public int NextWaitMs(PeerAddress peer, int healthCheckIntervalMs)
    {
        _failures = Math.Min(_failures + 1, 30);
        var waitMs = _failures > peer.MaxRetries
            ? healthCheckIntervalMs
            : Math.Min(peer.RetryWaitMs, FirstWaitMs << Math.Min(_failures - 1, 10));
        Span<byte> random = stackalloc byte[1];
        effects.FillRandom(random);
        return waitMs - waitMs * random[0] / (5 * byte.MaxValue);
    }
}
