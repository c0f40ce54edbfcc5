using SuperMassive.Simulator.Storage;

namespace SuperMassive.Simulator.Tests;

public sealed class SimSegmentsTests
{
    [Fact]
    public void A_segment_whose_name_was_not_synced_may_be_gone_and_one_whose_was_never_is()
    {
        var (lost, kept) = (0, 0);
        for (var seed = 1UL; seed <= 100; seed++)
        {
            var segments = Filled();
            segments.SyncDirectory();
            segments.Bytes.Write(3_500, Bytes(3_500, 2));
            segments.Bytes.CompleteSync(segments.Bytes.BeginSync());
            segments.CutPower(new SimRandom(seed));
            Assert.Equal(Bytes(3_500, 1), segments.Bytes.Written[..3_500].ToArray());
            Assert.Equal(Bytes(500, 2), segments.Bytes.Written[3_500..4_000].ToArray());
            var isLost = segments.Bytes.Length < 7_000 || segments.Bytes.Written.Contains((byte)0);
            lost += isLost ? 1 : 0;
            kept += isLost ? 0 : 1;
        }
        Assert.InRange(lost, 70, 99);
        Assert.InRange(kept, 1, 30);
    }

    [Fact]
    public void A_dropped_segment_may_come_back_until_the_directory_is_synced()
    {
        var firsts = new HashSet<long>();
        for (var seed = 1UL; seed <= 100; seed++)
        {
            var segments = Filled();
            segments.SyncDirectory();
            Assert.Equal(2, segments.DropBefore(2_900));
            Assert.Equal(2_000, segments.FirstLsn);
            segments.CutPower(new SimRandom(seed));
            firsts.Add(segments.FirstLsn);
            segments.DropBefore(3_000);
            segments.SyncDirectory();
            segments.CutPower(new SimRandom(seed));
            Assert.Equal(3_000, segments.FirstLsn);
            Assert.Equal(Bytes(3_000, 0), segments.Bytes.Written[..3_000].ToArray());
        }
        Assert.Equal([0, 1_000, 2_000], firsts.Order());
    }

    [Fact]
    public void A_mark_is_the_last_one_or_an_older_one_after_a_power_cut_and_never_more_than_was_written()
    {
        var claims = new HashSet<long>();
        for (var seed = 1UL; seed <= 200; seed++)
        {
            var random = new SimRandom(seed);
            var mark = new SimMark();
            mark.WriteDurably(100, 0);
            mark.Write(200, 0, random);
            mark.Write(300, 0, random);
            Assert.InRange(mark.LowestLsn, 100, 300);
            var lowest = mark.LowestLsn;
            mark.CutPower(random);
            Assert.InRange(mark.SyncedLsn, lowest, 300);
            claims.Add(mark.SyncedLsn);
        }
        Assert.Equal([100, 200, 300], claims.Order());
    }

    private static SimSegments Filled()
    {
        var segments = new SimSegments { SegmentBytes = 1_000 };
        segments.Bytes.Write(0, Bytes(3_500, 1));
        segments.Bytes.CompleteSync(segments.Bytes.BeginSync());
        return segments;
    }

    private static byte[] Bytes(int count, byte value) => [.. Enumerable.Repeat(value, count)];
}
