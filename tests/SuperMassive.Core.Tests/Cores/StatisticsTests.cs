using System.Diagnostics;
using System.Text;
using SuperMassive.Core.Journal;
using Record = SuperMassive.Core.Journal.Record;

namespace SuperMassive.Core.Tests.Cores;

/// <summary>
/// STAT and the figures behind health and metrics are kept as the work is done: they cost the same however many keys there are.
/// </summary>
public sealed class StatisticsTests
{
    private const int Few = 10;
    private const int Many = 200_000;

    /// <summary>The fastest and the leanest of so many count: neither other work on the machine nor a growing buffer is in those.</summary>
    private const int Rounds = 100;

    [Fact]
    public void Cost_nothing_per_key()
    {
        var few = Measure(Few);
        var many = Measure(Many);
        // longer numbers take some characters; a look at every key would take a byte or a nanosecond for each at the least
        Assert.True(many.Bytes < few.Bytes + 2_000, $"{many.Bytes} bytes with {Many} keys, {few.Bytes} with {Few}");
        Assert.True(many.Micros < 4 * few.Micros + 100, $"{many.Micros:F0} µs with {Many} keys, {few.Micros:F0} with {Few}");
    }

    private static (long Bytes, double Micros) Measure(int keys)
    {
        var world = CoreWorld.Start(nodes: 1);
        var node = world.Node(1).Node;
        for (var i = 0; i < keys; i++)
            node.Data.Apply(new Record(RecordKind.Put, new Version((ulong)i + 1), Encoding.ASCII.GetBytes($"key-{i}"), "value"u8));
        var client = world.Client();
        var (leastBytes, leastMicros) = (long.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.GetTimestamp();
            client.Send("STAT");
            world.Run();
            var figures = (node.Figures(), world.Cluster.Cluster.Figures());
            leastMicros = Math.Min(leastMicros, Stopwatch.GetElapsedTime(watch).TotalMicroseconds);
            leastBytes = Math.Min(leastBytes, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(keys, figures.Item1.Keys);
            Assert.Contains($"    keys {keys} ", client.Replies);
        }
        return (leastBytes, leastMicros);
    }
}
