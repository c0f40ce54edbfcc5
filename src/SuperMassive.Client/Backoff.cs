namespace SuperMassive.Client;

/// <summary>Exponential back-off with full jitter, so that clients which lost the same cluster do not return in step.</summary>
internal static class Backoff
{
    private const double FirstMs = 50;

    /// <param name="attempt">0 for the first attempt after a loss.</param>
    /// <param name="random">0 (inclusive) to 1.</param>
    public static TimeSpan Pause(int attempt, TimeSpan longest, double random)
    {
        var ceilingMs = Math.Min(longest.TotalMilliseconds, FirstMs * Math.Pow(2, Math.Min(attempt, 30)));
        return TimeSpan.FromMilliseconds(ceilingMs * random);
    }
}
