using CsCheck;
using SuperMassive.Core.Storage;
using Xunit.Abstractions;

namespace SuperMassive.Core.Tests.Storage;

public sealed class HashTableTests(ITestOutputHelper output)
{
    private static readonly Gen<(int SetPercent, int Changes)[]> Phases =
        Gen.Select(Gen.Int[0, 4].Select(step => step * 25), Gen.Int[1, 1_500]).Array[1, 8];

    [Theory]
    [InlineData(HashShape.Even, 2_000)]
    [InlineData(HashShape.FewHomes, 600)]
    [InlineData(HashShape.EndOfSpace, 600)]
    [InlineData(HashShape.FewFragments, 600)]
    public void Behaves_like_a_dictionary(HashShape shape, int keys) =>
        Gen.Select(Phases, Gen.Int).Sample(
            (phases, seed) =>
            {
                using var model = new TableModel(shape, seed);
                foreach (var (setPercent, changes) in phases)
                {
                    for (var change = 0; change < changes; change++)
                        model.Change(keys, setPercent);
                    model.Verify(keys);
                    if (changes % 10 == 0)
                        model.Clear();
                }
            },
            iter: 40);

    [Fact]
    public void Grows_and_shrinks_several_times_and_gives_all_memory_back()
    {
        using var model = new TableModel(HashShape.Even, 1);
        var baseline = model.Table.UsedBytes;
        for (var round = 0; round < 3; round++)
        {
            var grown = 256L;
            for (var change = 0; change < 20_000; change++)
            {
                model.Change(8_000, setPercent: 100);
                grown = Math.Max(grown, model.Table.Statistics.Size);
            }
            Assert.Equal(16_384, grown);
            model.Verify(8_000);
            model.RemoveAll();
            DrainMigration(model.Table);
            Assert.Equal(256, model.Table.Statistics.Size);
            Assert.Equal(baseline, model.Table.UsedBytes);
            Assert.InRange(model.Table.AllocatedBytes, 0, baseline + Arena.ChunkBytes);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_change_moves_a_bounded_number_of_slots(bool grow)
    {
        using var table = new HashTable(1);
        var number = 0;
        for (; table.Statistics.Size < 1 << 16; number++)
            table.Set(TableModel.KeyOf(number), table.Hash(TableModel.KeyOf(number)), default, default);
        DrainMigration(table);
        while (!IsMigrating(table))
        {
            if (grow)
                table.Set(TableModel.KeyOf(number), table.Hash(TableModel.KeyOf(number++)), default, default);
            else
                table.Remove(TableModel.KeyOf(--number), table.Hash(TableModel.KeyOf(number)));
        }
        var changes = DrainMigration(table);
        // 65,536 slots in steps of 16, and the few of the tail
        Assert.InRange(changes, 4_096, 4_099);
        output.WriteLine($"migration of 65,536 slots: {changes} changes");
    }

    [Fact]
    public void Keys_in_order_of_their_hashes_crowd_no_further_than_by_chance()
    {
        using var table = new HashTable(1);
        const int count = 300_000;
        var keys = Enumerable.Range(0, count).Select(TableModel.KeyOf).OrderBy(key => table.Hash(key)).ToArray();
        var longest = 0L;
        foreach (var key in keys)
        {
            table.Set(key, table.Hash(key), default, default);
            longest = Math.Max(longest, table.Statistics.MaxProbeLength);
        }
        Assert.InRange(longest, 0, 4_096);
        Assert.Equal(1 << 19, table.Statistics.Size);
        Assert.Equal(count, table.LiveCount);
        Assert.All(keys, key => Assert.True(table.TryGet(key, table.Hash(key), out _)));
        output.WriteLine($"{count} keys in order: at most {longest} slots from home");
    }

    [Fact]
    public void Announces_what_a_set_adds()
    {
        using var table = new HashTable(1);
        for (var number = 0; number < 30_000; number++)
        {
            var key = TableModel.KeyOf(number);
            var announced = table.BytesFor(key.Length, number % 500);
            var before = table.UsedBytes;
            table.Set(key, table.Hash(key), new byte[number % 500], default);
            Assert.InRange(table.UsedBytes - before, long.MinValue, announced);
        }
    }

    [Fact]
    public void Holds_the_longest_keys_and_values()
    {
        using var table = new HashTable(1);
        var key = new byte[HashTable.MaxKeyBytes];
        var value = new byte[HashTable.MaxValueBytes];
        key[^1] = value[^1] = 7;
        table.Set(key, table.Hash(key), value, new Version(1));
        Assert.True(table.TryGet(key, table.Hash(key), out var entry));
        Assert.True(entry.Key.SequenceEqual(key) && entry.Value.SequenceEqual(value));
        table.Set(key, table.Hash(key), "v"u8, new Version(2));
        Assert.True(table.TryGet(key, table.Hash(key), out entry));
        Assert.True(entry.Key.SequenceEqual(key) && entry.Value.SequenceEqual("v"u8));
        Assert.InRange(table.AllocatedBytes, 0, 2 * Arena.ChunkBytes);
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Set([], 0, default, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Set(new byte[HashTable.MaxKeyBytes + 1], 0, default, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Set("k"u8, 0, new byte[HashTable.MaxValueBytes + 1], default));
    }

    [Fact]
    public void Takes_a_value_that_was_read_from_the_table_itself()
    {
        using var table = new HashTable(1);
        table.Set("a"u8, 1, "0123456789"u8, new Version(1));
        Assert.True(table.TryGet("a"u8, 1, out var entry));
        table.Set(entry.Key, 1, entry.Value[3..], new Version(2));
        Assert.True(table.TryGet("a"u8, 1, out entry));
        Assert.True(entry.Value.SequenceEqual("3456789"u8));
        table.Set("b"u8, 2, new byte[300], new Version(3));
        Assert.True(table.TryGet("b"u8, 2, out entry));
        table.Set(entry.Key, 2, entry.Value[..2], new Version(4));
        Assert.True(table.TryGet("b"u8, 2, out entry));
        Assert.True(entry.Value.SequenceEqual(new byte[2]));
    }

    [Fact]
    public void May_be_disposed_twice()
    {
        var table = new HashTable(1);
        table.Set("a"u8, 1, "b"u8, default);
        table.Dispose();
        table.Dispose();
    }

    [Fact]
    public void Allocates_no_managed_memory_in_steady_state()
    {
        using var table = new HashTable(1);
        var keys = Enumerable.Range(0, 5_000).Select(TableModel.KeyOf).ToArray();
        var hashes = keys.Select(key => table.Hash(key)).ToArray();
        var value = new byte[200];
        var visited = 0;
        EntryVisitor visit = (in Entry _) => visited++;
        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Round();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(10_000, visited);

        void Round()
        {
            for (var i = 0; i < keys.Length; i++)
                table.Set(keys[i], hashes[i], value.AsSpan(0, i % 200), new Version(1));
            for (var i = 0; i < keys.Length; i++)
                Assert.True(table.TryGet(keys[i], table.Hash(keys[i]), out _));
            for (ulong cursor = 0; (cursor = table.Scan(cursor, 64, visit)) != 0;)
                continue;
            for (var i = 0; i < keys.Length; i += 2)
                table.SetTombstone(keys[i], hashes[i], new Version(2));
            for (var i = 0; i < keys.Length; i += 50)
                Assert.True(table.Remove(keys[i], hashes[i]));
        }
    }

    [Fact]
    public void Holds_a_million_small_pairs_in_few_bytes()
    {
        const int Keys = 1_000_000;
        using var table = new HashTable(1);
        var value = new byte[64];
        var key = "key:0000000000"u8.ToArray();
        for (var number = 0; number < Keys; number++)
        {
            Assert.True(number.TryFormat(key.AsSpan(4), out _, "D10"));
            table.Set(key, table.Hash(key), value, new Version(1));
        }
        DrainMigration(table);
        var statistics = table.Statistics;
        output.WriteLine($"bytes per key: {(double)table.UsedBytes / Keys:F1} used, {(double)table.AllocatedBytes / Keys:F1} allocated");
        output.WriteLine(
            $"load {statistics.LoadFactor:F4}, probes {statistics.AverageProbeLength:F2} on average, {statistics.MaxProbeLength} at most");
        Assert.InRange((double)table.AllocatedBytes / Keys, 0, 130);
    }

    private static bool IsMigrating(HashTable table) => table.Statistics.NeedsGrow || table.Statistics.NeedsShrink;

    /// <summary>Changes nothing until no migration is under way.</summary>
    /// <returns>How many changes that took.</returns>
    private static int DrainMigration(HashTable table)
    {
        var changes = 0;
        for (; IsMigrating(table); changes++)
            table.Remove("never held"u8, 0);
        return changes;
    }
}
