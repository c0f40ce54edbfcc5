using System.Text;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;
using SuperMassive.Core.Storage;
using Record = SuperMassive.Core.Journal.Record;

namespace SuperMassive.Core.Tests.Replication;

public sealed class TableDigestsTests
{
    private const long Seed = 42;

    [Theory]
    [InlineData(1, 20, 4_000)]
    [InlineData(2, 3_000, 40_000)]
    [InlineData(3, 200, 20_000)]
    public void They_are_what_a_scan_of_the_table_adds_up_to(int seed, int keys, int changes)
    {
        using var data = new NodeData(Seed);
        var random = new Random(seed);
        for (var change = 1; change <= changes; change++)
        {
            ApplyRandom(data, random, keys, change);
            if (change % (changes / 40) == 0)
                AssertRecomputed(data);
        }
        data.Clear();
        AssertRecomputed(data);
    }

    [Fact]
    public void Equal_tables_have_equal_digests_whatever_led_to_them()
    {
        using var first = new NodeData(Seed);
        using var second = new NodeData(Seed);
        var random = new Random(7);
        for (var change = 1; change <= 5_000; change++)
            ApplyRandom(first, random, 300, change);
        foreach (var (record, key) in Shuffled(first, random))
            second.Apply(new Record(record.IsTombstone ? RecordKind.Tombstone : RecordKind.Put, record.Version, key, record.Value));
        Assert.Empty(Differing(first, second));
    }

    [Fact]
    public void Any_difference_in_an_entry_shows_in_its_bucket_alone()
    {
        AssertOneDiffers((RecordKind.Put, 5, "value"), (RecordKind.Put, 6, "value"));
        AssertOneDiffers((RecordKind.Put, 5, "value"), (RecordKind.Put, 5, "valuE"));
        AssertOneDiffers((RecordKind.Put, 5, ""), (RecordKind.Tombstone, 5, ""));
        AssertOneDiffers((RecordKind.Put, 5, ""), (RecordKind.Put, 5, "\0"));
        AssertOneDiffers((RecordKind.Put, 5, "value"), (RecordKind.Drop, 9, ""));
    }

    [Fact]
    public void Values_that_changed_places_do_not_cancel_out()
    {
        using var data = new NodeData(Seed);
        using var other = new NodeData(Seed);
        // enough keys that some share a bucket
        for (var i = 0; i < 4_096; i++)
        {
            data.Apply(Put($"key-{i}", 1, (i % 2).ToString()));
            other.Apply(Put($"key-{i}", 1, ((i + 1) % 2).ToString()));
        }
        Assert.Equal(TableDigests.Buckets, Differing(data, other).Count + EmptyBuckets(data));
    }

    [Fact]
    public void Keeping_them_allocates_nothing()
    {
        using var data = new NodeData(Seed);
        var value = new byte[64];
        var keys = Enumerable.Range(0, 512).Select(i => Encoding.ASCII.GetBytes($"key-{i}")).ToArray();
        var version = 0UL;
        void Round()
        {
            foreach (var key in keys)
                data.Apply(new Record(RecordKind.Put, new Version(++version), key, value));
        }
        Round();
        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Round();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void AssertOneDiffers(
        (RecordKind Kind, ulong Version, string Value) one, (RecordKind Kind, ulong Version, string Value) other)
    {
        using var first = new NodeData(Seed);
        using var second = new NodeData(Seed);
        foreach (var (data, last) in new[] { (first, one), (second, other) })
        {
            data.Apply(Put("beside", 1, "same"));
            data.Apply(Put("key", 1, "old"));
            data.Apply(new Record(last.Kind, new Version(last.Version), "key"u8, Encoding.ASCII.GetBytes(last.Value)));
        }
        Assert.Equal([TableDigests.BucketOf(first.Table.Hash("key"u8))], Differing(first, second));
    }

    private static void ApplyRandom(NodeData data, Random random, int keys, int change)
    {
        var key = Encoding.ASCII.GetBytes($"key-{random.Next(keys)}");
        var version = new Version((ulong)Math.Max(1, change - random.Next(50)));
        var value = new byte[random.Next(20) == 0 ? random.Next(3_000) : random.Next(100)];
        random.NextBytes(value);
        switch (random.Next(100))
        {
            case < 60:
                data.Apply(new Record(RecordKind.Put, version, key, value));
                break;
            case < 80:
                data.Apply(new Record(RecordKind.Tombstone, version, key, default));
                break;
            case < 99:
                data.Apply(new Record(RecordKind.Drop, version, key, default));
                break;
            default:
                data.Apply(new Record(RecordKind.Purge, new Version((ulong)Math.Max(1, change - 200)), default, default));
                break;
        }
    }

    private static Record Put(string key, ulong version, string value) =>
        new(RecordKind.Put, new Version(version), Encoding.ASCII.GetBytes(key), Encoding.ASCII.GetBytes(value));

    private static void AssertRecomputed(NodeData data)
    {
        var sums = new UInt128[TableDigests.Buckets];
        Visit(data, (in Entry entry) =>
        {
            var hash = data.Table.Hash(entry.Key);
            sums[TableDigests.BucketOf(hash)] += EntryDigest.Of(hash, entry);
        });
        Assert.Equal(sums, Enumerable.Range(0, TableDigests.Buckets).Select(bucket => data.Digests[bucket]));
    }

    private static int EmptyBuckets(NodeData data) =>
        Enumerable.Range(0, TableDigests.Buckets).Count(bucket => data.Digests[bucket] == UInt128.Zero);

    private static List<int> Differing(NodeData one, NodeData other)
    {
        var bytes = new byte[TableDigests.Bytes];
        one.Digests.Write(bytes);
        var differing = new List<int>();
        other.Digests.Compare(bytes, differing);
        return differing;
    }

    private static List<(HeldEntry Entry, byte[] Key)> Shuffled(NodeData data, Random random)
    {
        var entries = new List<(HeldEntry, byte[])>();
        Visit(data,
            (in Entry entry) => entries.Add((new HeldEntry(entry.Version, entry.Value.ToArray(), entry.IsTombstone), entry.Key.ToArray())));
        return [.. entries.OrderBy(_ => random.Next())];
    }

    private static void Visit(NodeData data, EntryVisitor visitor)
    {
        for (var cursor = data.Table.Scan(0, 100, visitor); cursor != 0;)
            cursor = data.Table.Scan(cursor, 100, visitor);
    }

    private sealed record HeldEntry(Version Version, byte[] Value, bool IsTombstone);
}
