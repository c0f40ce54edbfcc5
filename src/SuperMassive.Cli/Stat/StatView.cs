using Spectre.Console;
using Spectre.Console.Rendering;
using SuperMassive.Client;

namespace SuperMassive.Cli.Stat;

/// <summary>Fetches statistics and shows them, once or again and again.</summary>
internal sealed class StatView(IAnsiConsole console, TextWriter plain, SuperMassiveClientOptions options, bool isRaw)
{
    /// <param name="interval">Null: once.</param>
    public async Task RunAsync(TimeSpan? interval, CancellationToken cancellationToken)
    {
        await using var client = await SuperMassiveClient.ConnectAsync(options, cancellationToken).ConfigureAwait(false);
        if (interval is null)
            await ShowOnceAsync(client, cancellationToken).ConfigureAwait(false);
        else if (isRaw || !console.Profile.Out.IsTerminal)
            await RepeatAsync(client, interval.Value, cancellationToken).ConfigureAwait(false);
        else
            await WatchAsync(client, interval.Value, cancellationToken).ConfigureAwait(false);
    }

    private async Task ShowOnceAsync(SuperMassiveClient client, CancellationToken cancellationToken)
    {
        var text = await client.StatAsync(cancellationToken).ConfigureAwait(false);
        if (isRaw)
            plain.WriteLine(text.TrimEnd());
        else
            console.Write(StatTable.Of(ClusterStatistics.Parse(text)));
    }

    private async Task RepeatAsync(SuperMassiveClient client, TimeSpan interval, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval, options.TimeProvider);
        do
        {
            await ShowOnceAsync(client, cancellationToken).ConfigureAwait(false);
            plain.WriteLine();
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Redraws in place. A cluster that goes away is shown as such and watched for its return.</summary>
    private Task WatchAsync(SuperMassiveClient client, TimeSpan interval, CancellationToken cancellationToken) =>
        console.Live(new Text("…")).AutoClear(false).StartAsync(async live =>
        {
            using var timer = new PeriodicTimer(interval, options.TimeProvider);
            do
            {
                live.UpdateTarget(await SnapshotAsync(client, cancellationToken).ConfigureAwait(false));
                live.Refresh();
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        });

    private static async Task<IRenderable> SnapshotAsync(SuperMassiveClient client, CancellationToken cancellationToken)
    {
        try
        {
            return StatTable.Of(await client.GetStatisticsAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (SuperMassiveException e)
        {
            return Markup.FromInterpolated($"[red]{e.Message}[/]");
        }
    }
}
