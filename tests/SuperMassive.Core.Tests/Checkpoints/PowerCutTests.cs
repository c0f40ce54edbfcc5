using CsCheck;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Tests.Checkpoints;

/// <summary>What a power cut may leave of segments, checkpoint and mark together.</summary>
public sealed class PowerCutTests
{
    private const int SectorBytes = 512;

    /// <summary>
    /// The journal is synced to some point, and the mark claims that or less. Behind it any subset of sectors is there, and a segment
    /// may be gone with its name. A checkpoint whose walk ended at or before that point may be installed or not.
    /// </summary>
    [Fact]
    public void Every_state_recovers_to_a_prefix_that_holds_all_that_was_synced()
    {
        var (states, torn, withCheckpoint) = (0, 0, 0);
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[4, 16]).Sample(
            (seed, segmentPages) =>
            {
                using var stream = new RecordStream(seed, 40, segmentPages);
                var random = stream.Random;
                stream.BeginEpoch();
                var ends = new List<long> { stream.EndLsn };
                Change(stream, random.Next(200), ends);
                var checkpoint = FuzzyCheckpoint(stream, ends, out var checkpointEndLsn);
                Change(stream, random.Next(200), ends);
                var written = stream.Journal;
                for (var i = 0; i < 20; i++)
                {
                    var isInstalled = random.Next(2) == 0;
                    var synced = ends[random.Next(isInstalled ? ends.FindIndex(end => end >= checkpointEndLsn) : 0, ends.Count)];
                    var mark = ends[random.Next(ends.IndexOf(synced) + 1)];
                    var disk = CutPower(written, (int)synced, segmentPages, random);
                    var (recovered, verdict) = DataState.Recover(
                        isInstalled ? checkpoint : [], disk, mark, segmentPages, mayHaveHoles: true);
                    Assert.NotEqual(JournalState.Corrupt, verdict.State);
                    Assert.True(verdict.EndLsn >= synced, $"recovered to {verdict.EndLsn}, synced was {synced}");
                    Assert.True(disk.AsSpan(0, (int)verdict.EndLsn).SequenceEqual(written.AsSpan(0, (int)verdict.EndLsn)));
                    var expected = DataState.Replay(written.AsSpan(0, (int)verdict.EndLsn), segmentPages);
                    DataState.AssertEqual(expected.Data, recovered.Data);
                    expected.Data.Dispose();
                    recovered.Data.Dispose();
                    states++;
                    torn += verdict.State == JournalState.TornTail ? 1 : 0;
                    withCheckpoint += isInstalled ? 1 : 0;
                }
            },
            iter: 100, threads: 1);
        Console.WriteLine($"states after a power cut: {states}, {withCheckpoint} of them with a checkpoint, torn tails cut off: {torn}");
    }

    private static byte[] CutPower(byte[] written, int synced, int segmentPages, Random random)
    {
        var length = random.Next(synced, written.Length + 1);
        var disk = written[..length];
        for (var sector = synced / SectorBytes; sector * SectorBytes < length; sector++)
        {
            if (random.Next(2) == 0)
                Clear(disk, Math.Max(synced, sector * SectorBytes), (sector + 1) * SectorBytes);
        }
        var segmentBytes = segmentPages * Page.PageBytes;
        for (var start = (synced + segmentBytes - 1) / segmentBytes * segmentBytes; start < length; start += segmentBytes)
        {
            if (random.Next(3) == 0)
                Clear(disk, start, start + segmentBytes);
        }
        return disk;
    }

    private static void Clear(byte[] disk, int from, int to) => disk.AsSpan(from, Math.Min(to, disk.Length) - from).Clear();

    private static byte[] FuzzyCheckpoint(RecordStream stream, List<long> ends, out long endLsn)
    {
        var writer = new CheckpointWriter(stream.Header());
        var cursor = 0UL;
        do
        {
            cursor = stream.Data.Table.Scan(cursor, 5, writer.Append);
            Change(stream, stream.Random.Next(10), ends);
        }
        while (cursor != 0);
        endLsn = stream.EndLsn;
        writer.Complete(endLsn);
        return writer.Unwritten.ToArray();
    }

    private static void Change(RecordStream stream, int changes, List<long> ends)
    {
        for (var i = 0; i < changes; i++)
        {
            stream.Change();
            if (stream.EndLsn > ends[^1])
                ends.Add(stream.EndLsn);
        }
    }
}
