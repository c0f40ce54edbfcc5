using CsCheck;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Storage;
using Record = SuperMassive.Core.Journal.Record;

namespace SuperMassive.Core.Tests.Checkpoints;

/// <summary>A checkpoint taken while everything changes, with the journal from its LSN on, is worth as much as the whole journal.</summary>
public sealed class FuzzyCheckpointTests
{
    [Theory]
    [InlineData(30, 400, 200)]
    [InlineData(1_500, 3_000, 40)]
    public void Recovers_to_what_the_whole_journal_gives(int keys, int changes, int iterations)
    {
        var (cuts, resizes) = (0, 0);
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[4, 16], Gen.Int[1, 200]).Sample(
            (seed, segmentPages, entriesPerSlice) =>
            {
                using var stream = new RecordStream(seed, keys, segmentPages);
                stream.BeginEpoch();
                Repeat(stream, stream.Random.Next(changes));
                var (checkpoint, endLsn, resized) = Walk(stream, entriesPerSlice, changes);
                Interlocked.Add(ref resizes, resized ? 1 : 0);
                Repeat(stream, stream.Random.Next(changes / 2));
                var journal = stream.Journal;
                for (var i = 0; i < 4; i++, Interlocked.Increment(ref cuts))
                {
                    var length = i == 0 ? (int)endLsn : stream.Random.Next((int)endLsn, journal.Length + 1);
                    AssertSame(checkpoint, journal.AsSpan(0, length), segmentPages, stream.Random);
                }
            },
            iter: iterations, threads: 1);
        Console.WriteLine($"checkpoints: {iterations}, tables resized under the walk: {resizes}, cuts recovered both ways: {cuts}");
        Assert.True(keys < 1_000 || resizes > 0);
    }

    [Fact]
    public void A_journal_that_ends_before_what_the_checkpoint_saw_is_corrupt()
    {
        using var stream = new RecordStream(7, 50, 8);
        stream.BeginEpoch();
        Repeat(stream, 300);
        var (checkpoint, endLsn, _) = Walk(stream, 10, 100);
        Repeat(stream, 20);
        var journal = stream.Journal;
        for (var length = 0; length < endLsn; length++)
        {
            var (recovery, verdict) = DataState.Recover(checkpoint, journal.AsSpan(0, length), 0, 8);
            recovery.Data.Dispose();
            Assert.Equal(JournalState.Corrupt, verdict.State);
            Assert.NotNull(verdict.Damage);
        }
        Console.WriteLine($"journals cut before the checkpoint's end: {endLsn}, all refused");
    }

    private static void AssertSame(byte[] checkpoint, ReadOnlySpan<byte> journal, long segmentPages, Random random)
    {
        var whole = DataState.Replay(journal, segmentPages);
        var (recovered, verdict) = DataState.Recover(checkpoint, journal, 0, segmentPages);
        Assert.NotEqual(JournalState.Corrupt, verdict.State);
        Assert.Equal(
            (whole.JournalId, whole.Epoch, whole.EndLsn, whole.DataBytes),
            (recovered.JournalId, recovered.Epoch, recovered.EndLsn, recovered.DataBytes));
        DataState.AssertEqual(whole.Data, recovered.Data);
        // and what is forgotten from here on is the same, though the tombstones came to them in another order
        var highest = (long)whole.Data.HighestVersion.Value;
        var through = new Version((ulong)random.NextInt64(highest / 2, highest + 2));
        var purge = new Record(RecordKind.Purge, through, default, default);
        whole.Data.Apply(purge);
        recovered.Data.Apply(purge);
        DataState.AssertEqual(whole.Data, recovered.Data);
        whole.Data.Dispose();
        recovered.Data.Dispose();
    }

    private static void Repeat(RecordStream stream, int changes)
    {
        for (var i = 0; i < changes; i++)
            stream.Change();
    }

    private static (byte[] Bytes, long EndLsn, bool Resized) Walk(RecordStream stream, int entriesPerSlice, int changes)
    {
        var writer = new CheckpointWriter(stream.Header());
        var cursor = 0UL;
        var size = stream.Data.Table.Statistics.Size;
        do
        {
            cursor = stream.Data.Table.Scan(cursor, entriesPerSlice, writer.Append);
            Repeat(stream, stream.Random.Next(Math.Max(1, changes / 20)));
        }
        while (cursor != 0);
        writer.Complete(stream.EndLsn);
        return (writer.Unwritten.ToArray(), stream.EndLsn, stream.Data.Table.Statistics.Size != size);
    }
}
