using SuperMassive.Simulator.Storage;

namespace SuperMassive.Simulator.Tests;

public sealed class SimFileTests
{
    private static byte[] Bytes(int count, byte value) => [.. Enumerable.Repeat(value, count)];

    [Fact]
    public void What_was_synced_survives_a_power_cut_and_the_rest_in_whole_sectors()
    {
        var lost = 0;
        for (var seed = 1UL; seed <= 100; seed++)
        {
            var file = new SimFile();
            file.Write(0, Bytes(3_000, 1));
            file.CompleteSync(file.BeginSync());
            file.Write(3_000, Bytes(4_000, 2));
            file.CutPower(default, new SimRandom(seed));
            Assert.InRange(file.Length, 3_000, 7_000);
            Assert.Equal(Bytes(3_000, 1), file.Written[..3_000].ToArray());
            for (var sector = 6; (sector + 1) * SimFile.SectorBytes <= file.Length; sector++)
                Assert.Single(file.Written.Slice(sector * SimFile.SectorBytes, SimFile.SectorBytes).ToArray().Distinct());
            lost += file.Written[3_000..].ContainsAnyExcept((byte)2) || file.Length < 7_000 ? 1 : 0;
        }
        Assert.InRange(lost, 90, 100);
    }

    [Fact]
    public void A_sync_under_way_promises_nothing()
    {
        var isLost = false;
        for (var seed = 1UL; seed <= 50; seed++)
        {
            var file = new SimFile();
            file.Write(0, Bytes(2_000, 1));
            var sync = file.BeginSync();
            file.CutPower(sync, new SimRandom(seed));
            isLost |= file.Length < 2_000 || file.Written.Contains((byte)0);
        }
        Assert.True(isLost);
    }

    [Fact]
    public void A_sync_promises_only_what_was_written_before_it_began()
    {
        var file = new SimFile();
        file.Write(0, Bytes(1_000, 1));
        var sync = file.BeginSync();
        file.Write(1_000, Bytes(1_000, 2));
        file.CompleteSync(sync);
        Assert.Equal(1_000, file.SyncedLength);
        file.CutPower(default, new SimRandom(3));
        Assert.Equal(Bytes(1_000, 1), file.Written[..1_000].ToArray());
    }

    [Fact]
    public void After_a_failed_sync_nothing_is_promised_ever()
    {
        var isLost = false;
        for (var seed = 1UL; seed <= 50; seed++)
        {
            var random = new SimRandom(seed);
            var file = new SimFile();
            file.Write(0, Bytes(4_000, 1));
            file.FailSync(file.BeginSync(), random);
            file.Write(4_000, Bytes(100, 2));
            file.CompleteSync(file.BeginSync());
            file.CutPower(default, random);
            isLost |= file.Written.Contains((byte)0);
        }
        Assert.True(isLost);
    }

    [Fact]
    public void Truncation_and_flips_do_what_they_say()
    {
        var file = new SimFile();
        file.Write(0, Bytes(1_000, 1));
        file.CompleteSync(file.BeginSync());
        file.FlipBit(8 * 10);
        Assert.Equal(0, file.Written[10]);
        file.Truncate(500);
        file.CompleteSync(file.BeginSync());
        file.CutPower(default, new SimRandom(1));
        Assert.Equal(500, file.Length);
        Assert.Equal(0, file.Written[10]);
        Assert.Throws<InvalidOperationException>(() => file.Write(501, [1]));
    }
}
