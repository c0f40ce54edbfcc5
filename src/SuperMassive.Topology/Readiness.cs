namespace SuperMassive.Topology;

/// <summary>
/// Waiting for a topology that was started. A cluster accepts connections before its nodes have joined, and answers a PUT with
/// <c>ERR no primary nodes available</c> until then.
/// </summary>
public static class Readiness
{
    /// <summary>How long a host waits before it shows its screen all the same.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until nothing is wrong, or until <paramref name="limit"/> is over.</summary>
    /// <param name="problemOf">What is wrong now, or null.</param>
    /// <param name="limit">Counts the time its answers take, too.</param>
    /// <param name="cancellation">Ends the waiting by an <see cref="OperationCanceledException"/>.</param>
    /// <returns>Null when it is ready, else what was wrong last.</returns>
    public static async Task<string?> WaitAsync(
        Func<CancellationToken, Task<string?>> problemOf, TimeSpan limit, CancellationToken cancellation)
    {
        var problem = "it did not say why";
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(limit);
        try
        {
            while (await problemOf(limited.Token).ConfigureAwait(false) is { } found)
            {
                problem = found;
                await Task.Delay(AskInterval, limited.Token).ConfigureAwait(false);
            }
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return problem;
        }
    }

    /// <summary>What is wrong with a cluster of which so many primaries take writes, or null.</summary>
    public static string? ProblemOf(int healthy, int configured) =>
        healthy == configured ? null : $"{healthy} of {configured} primaries are healthy";
}
