using System.Buffers.Binary;
using System.Diagnostics;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;
using Record = SuperMassive.Core.Journal.Record;

namespace SuperMassive.Core.Tests.Checkpoints;

/// <summary>What a checkpoint costs the node that goes on serving.</summary>
public sealed class CheckpointCostTests
{
    private const int Keys = 100_000;

    [Fact]
    public void A_slice_allocates_nothing_and_stalls_nobody()
    {
        var effects = new CountingEffects();
        var recovery = new NodeRecovery(1);
        var (value, key) = (new byte[100], new byte[16]);
        for (var i = 0; i < Keys; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(key, i);
            recovery.Apply(new Record(RecordKind.Put, new Version((ulong)i + 1), key, value), 0);
        }
        // a journal long enough for a checkpoint to be due at once
        recovery.Complete(new JournalId(5), 1, Page.StartOf(Page.SegmentPages), 0);
        var node = effects.Node = new NodeCore(new NodeSettings { Address = "node", SharedKey = new byte[32] }, recovery, effects);
        var (nowMs, slices, allocated, longestBytes) = (0L, new List<double>(10_000), 0L, 0L);
        while (effects.InstallLsn is null)
        {
            var (allocatedBefore, bytesBefore) = (GC.GetAllocatedBytesForCurrentThread(), effects.CheckpointBytes);
            var begun = Stopwatch.GetTimestamp();
            node.BeginBatch(++nowMs, nowMs);
            node.EndBatch();
            effects.Answer();
            slices.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            longestBytes = Math.Max(longestBytes, effects.CheckpointBytes - bytesBefore);
            if (slices.Count > 10)
                allocated += GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        }
        slices.Sort();
        Console.WriteLine(
            $"{Keys:N0} entries, checkpoint of {effects.CheckpointBytes:N0} bytes in {slices.Count} slices of at most {longestBytes:N0}: "
            + $"median {slices[slices.Count / 2]:F3} ms, 9 of 10 within {slices[slices.Count * 9 / 10]:F3} ms, "
            + $"{allocated} bytes allocated");
        Assert.InRange(effects.CheckpointBytes, Keys * 116L, node.Data.Table.UsedBytes);
        Assert.InRange(longestBytes, 0, 66 << 10);
        Assert.InRange(allocated, 0, slices.Count - 1); // nothing per slice
        Assert.InRange(slices[slices.Count / 2], 0, 1.0);
        node.Data.Dispose();
    }
}
