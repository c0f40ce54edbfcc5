using CsCheck;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Tests.Storage;

public sealed class HashTableScanTests
{
    [Theory]
    [InlineData(HashShape.Even, 1_500)]
    [InlineData(HashShape.FewHomes, 400)]
    [InlineData(HashShape.EndOfSpace, 250)]
    [InlineData(HashShape.FewFragments, 250)]
    public void Visits_what_stays_exactly_once_whatever_changes_between_calls(HashShape shape, int keys) =>
        Gen.Select(Gen.Int, Gen.Int[0, 3_000], Gen.Int[1, 40], Gen.Int[0, 60], Gen.Int[0, 100], Gen.Int[1, 40]).Sample(
            (seed, filled, maxEntries, changesPerCall, setPercent, staying) =>
            {
                using var model = new TableModel(shape, seed);
                for (var change = 0; change < filled; change++)
                    model.Change(keys, setPercent: 90);
                var stays = model.HeldKeys.Where(number => number % staying == 0).ToHashSet();
                var visited = new Dictionary<int, int>();
                var lastFragment = 0UL;
                EntryVisitor visit = (in Entry entry) =>
                {
                    var number = TableModel.NumberOf(entry.Key);
                    visited[number] = visited.GetValueOrDefault(number) + 1;
                    var fragment = model.HashOf(number) >> 32;
                    Assert.True(fragment >= lastFragment);
                    lastFragment = fragment;
                };
                var cursor = 0UL;
                do
                {
                    var next = model.Table.Scan(cursor, maxEntries, visit);
                    Assert.True(next > cursor || next == 0);
                    cursor = next;
                    for (var change = 0; change < changesPerCall; change++)
                        model.Change(keys, setPercent, mayRemove: number => !stays.Contains(number));
                }
                while (cursor != 0);
                Assert.All(stays, number => Assert.True(visited.ContainsKey(number), $"key {number} was not visited"));
                Assert.All(visited, pair => Assert.Equal(1, pair.Value));
            },
            iter: 150);

    [Fact]
    public void Visits_all_keys_of_one_fragment_in_one_call()
    {
        using var table = new HashTable(1);
        for (var number = 0; number < 1_000; number++)
            table.Set(TableModel.KeyOf(number), 7UL << 32 | (uint)number, default, default);
        var visited = 0;
        var next = table.Scan(0, 10, (in Entry _) => visited++);
        Assert.Equal(1_000, visited);
        while (next != 0)
            next = table.Scan(next, 10, (in Entry _) => visited++);
        Assert.Equal(1_000, visited);
    }

    [Fact]
    public void Costs_little_per_call_in_a_sparse_table()
    {
        using var model = new TableModel(HashShape.Even, 1);
        for (var change = 0; change < 20_000; change++)
            model.Change(10_000, setPercent: 100);
        model.RemoveAll();
        model.Change(1, setPercent: 100);
        var calls = 0;
        var visited = 0;
        for (ulong cursor = 0; ; calls++)
        {
            cursor = model.Table.Scan(cursor, 8, (in Entry _) => visited++);
            if (cursor == 0)
                break;
        }
        Assert.Equal(1, visited);
        // what is left of two small indexes, 32 slots a call
        Assert.InRange(calls, 7, 2 * 512 / 32);
    }

    [Theory]
    [InlineData(1UL << 32)]
    [InlineData(ulong.MaxValue)]
    public void Ends_at_a_cursor_beyond_hash_space(ulong cursor)
    {
        using var table = new HashTable(1);
        Assert.Equal(0UL, table.Scan(cursor, 1, (in Entry _) => { }));
    }
}
