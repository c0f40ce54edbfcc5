namespace SuperMassive.Server.Tests.Telemetry;

/// <summary>Asks again until it is so, for as long as a test has patience.</summary>
internal static class Eventually
{
    public static async Task<T> Is<T>(Func<Task<T>> ask, Predicate<T> isSo, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var answer = await ask();
            if (isSo(answer))
                return answer;
            try
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"waited in vain until {what}; the last answer was:\n{answer}");
            }
        }
    }
}
