using SuperMassive.Core.Journal;
using Record = SuperMassive.Core.Journal.Record;

namespace SuperMassive.Core.Tests.Journal;

public sealed class DamageTests
{
    [Fact]
    public void A_cut_at_any_byte_leaves_exactly_the_records_before_it()
    {
        var journal = SomePages();
        var bytes = journal.ToArray();
        for (var length = 0; length <= bytes.Length; length++)
        {
            var cut = bytes[..length];
            var expected = journal.Entries.Where(entry => entry.EndLsn <= length).ToList();
            var (entries, scan, verdict) = JournalBytes.Scan(cut);
            Assert.Equal(expected, entries);
            Assert.NotEqual(JournalState.Corrupt, verdict.State);
            Assert.True(verdict.EndLsn <= length && verdict.EndLsn >= (expected.LastOrDefault()?.EndLsn ?? 0));

            var restarted = JournalBytes.Restart(scan.Reader, cut).Put(40);
            var again = JournalBytes.Scan(restarted.ToArray());
            Assert.Equal([.. expected, .. restarted.Entries], again.Entries);
            Assert.Equal(JournalState.Whole, again.Verdict.State);
        }
        Console.WriteLine($"cuts: {bytes.Length + 1}, each recovered, continued and recovered again");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_torn_write_is_cut_off_whatever_the_disk_left_behind_it(bool garbage)
    {
        var journal = SomePages();
        var bytes = journal.ToArray();
        var tail = new byte[3 * Page.PageBytes];
        if (garbage)
            new Random(5).NextBytes(tail);
        var cuts = 0;
        for (var length = SegmentHead.EndOffset; length <= bytes.Length; length++)
        {
            var (entries, _, verdict) = JournalBytes.Scan([.. bytes[..length], .. tail]);
            Assert.Equal(journal.Entries.Where(entry => entry.EndLsn <= length), entries);
            Assert.Equal(JournalState.TornTail, verdict.State);
            cuts++;
        }
        Console.WriteLine($"cuts with {(garbage ? "garbage" : "zeros")} behind them: {cuts}");
    }

    [Fact]
    public void A_flipped_bit_in_the_last_pages_is_found_and_hides_no_record_behind_it() => FlipEveryBit(SomePages(), lastPages: 3);

    [Fact]
    public void A_flipped_bit_in_a_journal_of_one_page_is_found()
    {
        var journal = new JournalBytes();
        journal.BeginEpoch(1);
        FlipEveryBit(journal.Put(50).Put(0).Put(300), lastPages: 1);
    }

    [Fact]
    public void A_flipped_bit_is_found_while_the_bytes_come_live()
    {
        var journal = SomePages();
        var bytes = journal.ToArray();
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 0x10;
            var reader = new JournalReader(null, 0);
            var read = new List<Entry>();
            reader.Feed(bytes, (in Record record, long end) => read.Add(Entry.Of(in record, end)));
            Assert.Equal(journal.Entries.Take(read.Count), read);
            Assert.True(reader.AppliedLsn <= at);
            Assert.True(read.Count >= journal.Entries.Count(entry => entry.EndLsn <= at));
            bytes[at] ^= 0x10;
        }
    }

    [Fact]
    public void A_page_of_another_journal_or_another_place_never_validates()
    {
        var journal = Uniform(JournalBytes.Id, 20);
        var other = Uniform(new JournalId(99), 20).ToArray();
        var bytes = journal.ToArray();
        var pages = (int)Page.NumberOf(bytes.Length);
        var tried = 0;
        for (var page = 1; page < pages; page++)
        {
            AssertStops(Replace(bytes, page, other, page), journal, page);
            for (var from = 0; from < pages; from++)
                if (from != page)
                {
                    AssertStops(Replace(bytes, page, bytes, from), journal, page);
                    tried++;
                }
        }
        Console.WriteLine($"misplaced pages: {tried}, pages of another journal: {pages - 1}");
    }

    [Fact]
    public void A_page_left_over_from_an_older_epoch_is_neither_read_nor_held_against_the_tail()
    {
        var old = Uniform(JournalBytes.Id, 30);
        var oldBytes = old.ToArray();
        // the journal was cut after its tenth record; then a restart wrote a little, and the cut-off pages came back
        var reader = JournalReader.Resume(JournalBytes.Id, 1, 0);
        Assert.True(reader.Feed(oldBytes.AsSpan(0, (int)old.Entries[9].EndLsn), (in Record _, long _) => { }));
        var restarted = JournalBytes.Restart(reader, oldBytes).Put(100);
        restarted.BeginEpoch(3);
        var bytes = restarted.ToArray();
        var (entries, _, verdict) = JournalBytes.Scan([.. bytes, .. oldBytes[bytes.Length..]]);
        Assert.Equal([.. old.Entries.Take(10), .. restarted.Entries], entries);
        Assert.Equal(
            (JournalState.TornTail, DamageKind.PageEpoch, (long)bytes.Length),
            (verdict.State, verdict.Damage?.Kind, verdict.EndLsn));
    }

    [Fact]
    public void A_hole_before_valid_pages_is_named_by_page_and_lsn()
    {
        var journal = Uniform(JournalBytes.Id, 30);
        var bytes = journal.ToArray();
        bytes.AsSpan((int)Page.StartOf(3), 2 * Page.PageBytes).Clear();
        var (entries, _, verdict) = JournalBytes.Scan(bytes);
        Assert.Equal(journal.Entries.Where(entry => entry.EndLsn <= Page.StartOf(3)), entries);
        Assert.Equal(JournalState.Corrupt, verdict.State);
        Assert.Equal("bad page checksum in page 3 at LSN 3120", verdict.Damage?.ToString());
        Assert.Equal(5, Page.NumberOf(verdict.ValidAfterLsn!.Value));
    }

    [Fact]
    public void A_claimed_length_takes_no_memory_before_its_bytes_come()
    {
        var writer = new JournalWriter(JournalBytes.Id);
        writer.Append(new Record(RecordKind.Put, new Version(1), "k"u8, new byte[64 << 20]));
        var reader = new JournalReader(null, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        reader.Feed(writer.Unwritten[..(10 * Page.PageBytes)], (in Record _, long _) => { });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 10);
    }

    private static void FlipEveryBit(JournalBytes journal, int lastPages)
    {
        var bytes = journal.ToArray();
        var first = Math.Max(0, (int)Page.StartOf(journal.Writer.Pages - lastPages));
        var (flips, torn) = (0, 0);
        for (var at = first; at < bytes.Length; at++)
            for (var bit = 0; bit < 8; bit++, flips++)
            {
                bytes[at] ^= (byte)(1 << bit);
                var (entries, _, verdict) = JournalBytes.Scan(bytes);
                bytes[at] ^= (byte)(1 << bit);
                Assert.Equal(journal.Entries.Take(entries.Count), entries);
                Assert.True(entries.Count >= journal.Entries.Count(entry => entry.EndLsn <= at), $"a record before byte {at} is missing");
                Assert.NotEqual(JournalState.Whole, verdict.State);
                if (verdict.State == JournalState.Corrupt)
                    continue;
                torn++;
                Assert.True(journal.Entries.Count - entries.Count <= 1, $"bit {bit} of byte {at}: intact records were cut off");
            }
        Console.WriteLine($"flipped bits: {flips}, reported as corruption: {flips - torn}, in the last record and cut off: {torn}");
    }

    /// <summary>A few pages with everything in them: spanning records, several to a page, filler, padding, three epochs.</summary>
    private static JournalBytes SomePages()
    {
        var journal = new JournalBytes();
        journal.BeginEpoch(1);
        journal.Put(0).Put(10).Put(2500).Put(300);
        journal.BeginEpoch(2);
        // leaves four bytes of filler: 1024 − (7 + 13 + 5 + 995)
        journal.Put(995).Put(700).Put(1).Put(1400);
        journal.BeginEpoch(3);
        return journal.Put(200).Put(90).Put(30);
    }

    private static JournalBytes Uniform(JournalId id, int records)
    {
        var journal = new JournalBytes(id);
        journal.BeginEpoch(1);
        for (var i = 0; i < records; i++)
            journal.Put(400);
        return journal;
    }

    private static byte[] Replace(byte[] bytes, int page, byte[] with, int from)
    {
        var replaced = (byte[])bytes.Clone();
        with.AsSpan((int)Page.StartOf(from), Page.PageBytes).CopyTo(replaced.AsSpan((int)Page.StartOf(page)));
        return replaced;
    }

    private static void AssertStops(byte[] bytes, JournalBytes journal, int page)
    {
        var (entries, _, verdict) = JournalBytes.Scan(bytes);
        Assert.Equal(journal.Entries.Where(entry => entry.EndLsn <= Page.StartOf(page)), entries);
        Assert.Equal((JournalState.Corrupt, (long)page), (verdict.State, verdict.Damage?.Page));
    }
}
