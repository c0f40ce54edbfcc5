using CsCheck;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Tests.Storage;

public sealed class SortedPageTests
{
    private static readonly Gen<(byte[] Key, int ValueBytes, bool IsTombstone)[]> Offers =
        Gen.Select(Gen.Byte[97, 101].Array[1, 5], Gen.Int[0, 60], Gen.Bool).Array[0, 200];

    /// <summary>Pages through all that is offered, asking as a node does, and compares each page with the sorted whole.</summary>
    [Fact]
    public void Pages_are_the_sorted_whole_cut_in_pieces() =>
        Gen.Select(Offers, Gen.Int[1, 40], Gen.Int[1, 400]).Sample((offers, maxEntries, maxBytes) =>
        {
            offers = offers.DistinctBy(offer => Convert.ToHexString(offer.Key)).ToArray();
            var sorted = offers.OrderBy(offer => Convert.ToHexString(offer.Key), StringComparer.Ordinal).ToArray();
            var page = new SortedPage(maxEntries, maxBytes);
            var after = Array.Empty<byte>();
            var next = 0;
            do
            {
                page.Reset(after);
                foreach (var (key, valueBytes, isTombstone) in offers)
                {
                    if (page.Wants(key))
                        page.Offer(EntryOf(key, valueBytes, isTombstone));
                }
                page.Complete();
                Assert.Equal(PageLength(sorted, next, maxEntries, maxBytes), page.Count);
                for (var i = 0; i < page.Count; i++, next++)
                    AssertSame(EntryOf(sorted[next].Key, sorted[next].ValueBytes, sorted[next].IsTombstone), page[i]);
                Assert.Equal(next < sorted.Length, page.MoreFollow);
                if (page.Count > 0)
                    after = page[page.Count - 1].Key.ToArray();
            }
            while (page.MoreFollow);
            Assert.Equal(sorted.Length, next);
        });

    [Fact]
    public void One_entry_always_fits()
    {
        var page = new SortedPage(10, 100);
        page.Reset(default);
        page.Offer(new Entry("b"u8, new byte[5_000], new Version(1), false));
        page.Offer(new Entry("c"u8, default, new Version(1), false));
        page.Offer(new Entry("a"u8, new byte[9_000], new Version(1), false));
        page.Complete();
        Assert.Equal(1, page.Count);
        Assert.True(page.MoreFollow);
        Assert.True(page[0].Key.SequenceEqual("a"u8));
        Assert.Equal(9_000, page[0].Value.Length);
    }

    [Fact]
    public void Allocates_nothing_once_its_buffers_have_grown()
    {
        var page = new SortedPage(100, 4_000);
        var keys = Enumerable.Range(0, 2_000).Select(number => TableModel.KeyOf(number * 7_919 % 2_000)).ToArray();
        for (var warmUp = 0; warmUp < 4; warmUp++)
            Fill();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Fill();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Fill()
        {
            page.Reset(default);
            foreach (var key in keys)
                page.Offer(new Entry(key, key, default, false));
            page.Complete();
        }
    }

    private static Entry EntryOf(byte[] key, int valueBytes, bool isTombstone)
    {
        var value = new byte[isTombstone ? 0 : valueBytes];
        value.AsSpan().Fill(key[0]);
        return new Entry(key, value, new Version((ulong)valueBytes), isTombstone);
    }

    private static int PageLength((byte[] Key, int ValueBytes, bool IsTombstone)[] sorted, int from, int maxEntries, int maxBytes)
    {
        var bytes = 0;
        var length = 0;
        while (from + length < sorted.Length && length < maxEntries)
        {
            var (key, valueBytes, isTombstone) = sorted[from + length];
            bytes += key.Length + (isTombstone ? 0 : valueBytes);
            if (bytes > maxBytes && length > 0)
                break;
            length++;
        }
        return length;
    }

    private static void AssertSame(in Entry expected, in Entry actual)
    {
        Assert.True(expected.Key.SequenceEqual(actual.Key));
        Assert.True(expected.Value.SequenceEqual(actual.Value));
        Assert.Equal(expected.Version, actual.Version);
        Assert.Equal(expected.IsTombstone, actual.IsTombstone);
    }
}
