using SuperMassive.Core.Storage;
using Xunit.Abstractions;

namespace SuperMassive.Core.Tests.Storage;

/// <summary>However sizes change and keys go, what the table takes from the system stays near to what it uses.</summary>
public sealed class CompactionTests(ITestOutputHelper output)
{
    private const int Keys = 100_000;

    /// <summary>Chunks of each size that may be left half empty: there is nowhere to move what is in them.</summary>
    private const int SparseChunksPerSize = 4;

    private readonly byte[] _value = [.. Enumerable.Range(0, 1_024).Select(i => (byte)i)];

    [Fact]
    public void Sizes_at_random_leave_no_holes()
    {
        using var table = new HashTable(1);
        var random = new Random(1);
        var sizes = new int[Keys];
        var first = 0L;
        for (var round = 0; round < 10; round++)
        {
            for (var number = 0; number < Keys; number++)
                Set(table, number, sizes[number] = random.Next(10, 1_001));
            Show(table, $"round {round}");
            first = first == 0 ? table.AllocatedBytes : first;
            Assert.InRange(table.AllocatedBytes, table.UsedBytes, first * 11 / 10);
        }
        Verify(table, sizes);
    }

    [Fact]
    public void Deletions_give_memory_back()
    {
        using var table = new HashTable(1);
        var sizes = new int[Keys];
        for (var number = 0; number < Keys; number++)
            Set(table, number, sizes[number] = 500);
        for (var number = 0; number < Keys; number++)
        {
            if (number % 10 == 0)
                continue;
            Assert.True(table.Remove(TableModel.KeyOf(number), table.Hash(TableModel.KeyOf(number))));
            sizes[number] = -1;
        }
        Show(table, "nine of ten deleted");
        AssertBound(table, sizes: 1);
        Verify(table, sizes);
    }

    [Fact]
    public void Sizes_that_go_out_of_use_give_memory_back()
    {
        using var table = new HashTable(1);
        var sizes = new int[Keys];
        for (var phase = 0; phase < 10; phase++)
        {
            for (var number = 0; number < Keys; number++)
            {
                // a tenth of the keys stays behind at the size of each phase
                if (number % 10 >= phase)
                    Set(table, number, sizes[number] = 40 + 48 * phase);
            }
            Show(table, $"phase {phase}");
            AssertBound(table, sizes: phase + 1);
        }
        Verify(table, sizes);
    }

    private void Set(HashTable table, int number, int valueBytes)
    {
        var key = TableModel.KeyOf(number);
        table.Set(key, table.Hash(key), _value.AsSpan(number % 24, valueBytes), new Version((ulong)number));
    }

    private void Verify(HashTable table, int[] sizes)
    {
        for (var number = 0; number < Keys; number++)
        {
            var key = TableModel.KeyOf(number);
            var held = table.TryGet(key, table.Hash(key), out var entry);
            Assert.Equal(sizes[number] >= 0, held);
            if (held && !entry.Value.SequenceEqual(_value.AsSpan(number % 24, sizes[number])))
                Assert.Fail($"key {number} lost its value");
        }
    }

    private static void AssertBound(HashTable table, int sizes) =>
        Assert.InRange(
            table.AllocatedBytes, table.UsedBytes, table.UsedBytes * 4 / 3 + (long)SparseChunksPerSize * sizes * Arena.ChunkBytes);

    private void Show(HashTable table, string when) =>
        output.WriteLine($"{when}: {table.UsedBytes} bytes used, {table.AllocatedBytes} taken, "
            + $"{(double)table.AllocatedBytes / table.UsedBytes:F2} times");
}
