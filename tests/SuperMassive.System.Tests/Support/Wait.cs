using Xunit.Sdk;

namespace SuperMassive.SystemTests.Support;

/// <summary>Waiting for what other processes do, each time with a deadline.</summary>
internal static class Wait
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until the answer is not null.</summary>
    public static async Task<T> ForAsync<T>(string what, Func<Task<T?>> ask, TimeSpan? deadline = null) where T : class
    {
        using var limit = new CancellationTokenSource(deadline ?? Deadline);
        using var timer = new PeriodicTimer(Interval);
        while (true)
        {
            if (await ask() is { } answer)
                return answer;
            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new XunitException($"waited {(deadline ?? Deadline).TotalSeconds:0} s in vain for {what}");
            }
        }
    }

    public static Task UntilAsync(string what, Func<Task<bool>> condition, TimeSpan? deadline = null) =>
        ForAsync(what, async () => await condition() ? "yes" : null, deadline);

    /// <summary>For what <paramref name="running"/> brings about: its exception ends the waiting.</summary>
    public static async Task UntilAsync(string what, Func<bool> condition, Task running)
    {
        await UntilAsync(what, () => Task.FromResult(condition() || running.IsFaulted));
        if (running.IsFaulted)
            await running;
    }
}
