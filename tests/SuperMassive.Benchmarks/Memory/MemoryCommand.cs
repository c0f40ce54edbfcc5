using System.Diagnostics;
using System.Text.RegularExpressions;

namespace SuperMassive.Benchmarks.Memory;

/// <summary>
/// What only a whole process can show: resident bytes per key, collector pauses, the slowest reads while keys are loaded, and how long
/// a killed process takes to be back. Beside Redis where that is installed.
/// </summary>
internal static partial class MemoryCommand
{
    private const int Readers = 8;
    private const int DefaultKeys = 1_000_000;

    /// <param name="args"><c>--keys N</c>; a million unless said otherwise.</param>
    public static int Run(string[] args)
    {
        if (KeyOption.Read("memory", args, DefaultKeys) is not { } keys)
            return 2;
        using (var own = new SuperMassiveServer())
            Measure(own, keys, () => Console.WriteLine("  collector: " + Collections(own.HttpPort)));
        if (!RedisServer.IsInstalled)
        {
            Console.WriteLine("redis-server is not installed");
            return 0;
        }
        using (var redis = new RedisServer())
            Measure(redis, keys, () => { });
        return 0;
    }

    private static void Measure(MeasuredServer server, int keys, Action showCollections)
    {
        server.Start();
        var emptyBytes = server.ResidentBytes;
        using (var writer = server.Connect())
        {
            var half = keys / 2;
            writer.Fill(0, half);
            using var stop = new CancellationTokenSource();
            var reads = Enumerable.Range(0, Readers).Select(seed => Task.Factory.StartNew(
                () =>
                {
                    using var reader = server.Connect();
                    return reader.ReadUntil(half, seed, stop.Token);
                },
                TaskCreationOptions.LongRunning)).ToArray();
            var begun = Stopwatch.GetTimestamp();
            writer.Fill(half, keys);
            var elapsed = Stopwatch.GetElapsedTime(begun);
            stop.Cancel();
            var durationsUs = reads.SelectMany(read => read.Result).Order().ToArray();
            Console.WriteLine($"{server.Name}, {keys} keys of 14 + 64 bytes");
            var bytesPerKey = (double)(server.ResidentBytes - emptyBytes) / keys;
            Console.WriteLine($"  resident: {bytesPerKey:F1} bytes per key over {emptyBytes >> 20} MiB when empty");
            Console.WriteLine(
                $"  {durationsUs.Length} reads during {half} writes in {elapsed.TotalSeconds:F1} s: p50 {At(durationsUs, 0.5):F0} us, "
                + $"p99 {At(durationsUs, 0.99):F0} us, p99.9 {At(durationsUs, 0.999):F0} us, slowest {durationsUs[^1]:F0} us");
        }
        showCollections();
        server.Kill();
        Console.WriteLine($"  back after kill -9: {server.Start().TotalSeconds:F2} s");
    }

    private static double At(double[] sorted, double share) => sorted[(int)(sorted.Length * share)];

    /// <summary>The runtime's own counts, as the process publishes them.</summary>
    private static string Collections(int httpPort)
    {
        using var client = new HttpClient();
        var metrics = client.GetStringAsync(new Uri($"http://127.0.0.1:{httpPort}/metrics")).GetAwaiter().GetResult();
        return string.Join(", ", CollectorLine().Matches(metrics).Select(match => match.Value.Trim()));
    }

    [GeneratedRegex(@"^dotnet_gc_(pause_time|collections)[^#\n]*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex CollectorLine();
}
