using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace SuperMassive.Cli.Bench;

/// <summary>Shows how a run gets on, on a terminal's standard error; elsewhere nothing.</summary>
internal static class LiveView
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    public static async Task<T> WatchAsync<T>(LoadRun run, Task<T> result)
    {
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (!Console.IsErrorRedirected && terminal.Profile.Out.IsTerminal)
            await terminal.Status().StartAsync("…", status => RefreshAsync(run, result, status)).ConfigureAwait(false);
        return await result.ConfigureAwait(false);
    }

    private static async Task RefreshAsync(LoadRun run, Task result, StatusContext status)
    {
        using var timer = new PeriodicTimer(Interval);
        var (earlier, earlierAt) = (run.Progress, Stopwatch.GetTimestamp());
        while (!result.IsCompleted)
        {
            var (now, nowAt) = (run.Progress, Stopwatch.GetTimestamp());
            var perSecond = (now.Correct - earlier.Correct) / Math.Max(Stopwatch.GetElapsedTime(earlierAt, nowAt).TotalSeconds, 1e-3);
            (earlier, earlierAt) = (now, nowAt);
            status.Status(string.Create(CultureInfo.InvariantCulture,
                $"{now.Phase}: {perSecond:N0} operations/s, {now.Errors:N0} errors, {now.Wrong:N0} wrong,"
                + $" {now.Unanswered:N0} unanswered, {now.Lost:N0} connections lost"));
            await Task.WhenAny(result, timer.WaitForNextTickAsync().AsTask()).ConfigureAwait(false);
        }
    }
}
