using System.Diagnostics;
using System.Globalization;

namespace SuperMassive.Benchmarks.Memory;

/// <summary>
/// What 8 clients with one command each under way notice of a server's upkeep: nothing else going on, a checkpoint being written (Redis:
/// BGSAVE), and a scan over all keys (REGX; Redis: SCAN). Beside Redis where that is installed.
/// </summary>
internal static class BystanderCommand
{
    private const int Bystanders = 8;
    private const int DefaultKeys = 1_000_000;

    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(5);

    /// <param name="args"><c>--keys N</c>; a million unless said otherwise.</param>
    public static int Run(string[] args)
    {
        if (KeyOption.Read("bystanders", args, DefaultKeys) is not { } keys)
            return 2;
        Phase[] ours;
        using (var own = new SuperMassiveServer())
            ours = Measure(own, keys);
        if (!RedisServer.IsInstalled)
        {
            Console.WriteLine("redis-server is not installed");
            return 0;
        }
        using var redis = new RedisServer();
        foreach (var (our, peer) in ours.Zip(Measure(redis, keys)))
            Console.WriteLine(Text($"{our.Name}: p99 {our.At(0.99) / peer.At(0.99):F2}, p99.9 {our.At(0.999) / peer.At(0.999):F2} of Redis's"));
        return 0;
    }

    private static Phase[] Measure(MeasuredServer server, int keys)
    {
        server.Start();
        using (var writer = server.Connect())
            writer.Fill(0, keys);
        Console.WriteLine($"{server.Name}, {keys} keys of 14 + 64 bytes, {Bystanders} clients, 80 % GET, 20 % PUT");
        using var stop = new CancellationTokenSource();
        Bystander[] bystanders = [.. Enumerable.Range(0, Bystanders).Select(_ => new Bystander(server.Connect()))];
        Task[] running = [.. bystanders.Select((bystander, seed) => Task.Factory.StartNew(
            () => bystander.RunUntil(keys, seed, stop.Token), TaskCreationOptions.LongRunning))];
        Interval[] intervals;
        try
        {
            intervals = [Quiet(), server.Snapshot(keys), Scans(server)];
        }
        finally
        {
            stop.Cancel();
            Task.WaitAll(running);
        }
        string[] names = ["quiet", "while a checkpoint is written", "while all keys are scanned"];
        Phase[] phases = [.. names.Zip(intervals, (name, interval) => new Phase(name, interval, bystanders))];
        foreach (var phase in phases)
            Console.WriteLine($"  {phase}");
        foreach (var bystander in bystanders)
            bystander.Dispose();
        return phases;
    }

    private static Interval Quiet()
    {
        var from = Stopwatch.GetTimestamp();
        Thread.Sleep(AtLeast);
        return new Interval(from, Stopwatch.GetTimestamp());
    }

    private static Interval Scans(MeasuredServer server)
    {
        using var connection = server.Connect();
        var from = Stopwatch.GetTimestamp();
        do
            server.ScanAll(connection);
        while (Stopwatch.GetElapsedTime(from) < AtLeast);
        return new Interval(from, Stopwatch.GetTimestamp());
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>What was noticed in one stretch of time.</summary>
    private sealed class Phase(string name, Interval interval, IEnumerable<Bystander> bystanders)
    {
        private readonly long[] _sorted =
        [
            .. bystanders.SelectMany(bystander => bystander.Replies)
                .Where(reply => reply.EndedAt >= interval.From && reply.EndedAt - reply.Ticks <= interval.To)
                .Select(reply => reply.Ticks).Order(),
        ];

        public string Name => name;

        /// <summary>Microseconds; NaN when there was no reply.</summary>
        public double At(double share) => _sorted.Length == 0
            ? double.NaN
            : Stopwatch.GetElapsedTime(0, _sorted[(int)((_sorted.Length - 1) * share)]).TotalMicroseconds;

        public override string ToString() =>
            Text($"{name}, {interval.Seconds:F1} s: {_sorted.Length} commands, p50 {Us(0.5)}, p99 {Us(0.99)}, p99.9 {Us(0.999)}, slowest {Us(1)}");

        private string Us(double share) => Text($"{At(share):F0} us");
    }
}
