using CsCheck;
using SuperMassive.Core.Journal;
using Record = SuperMassive.Core.Journal.Record;

namespace SuperMassive.Core.Tests.Journal;

public sealed class RoundTripTests
{
    private static readonly Gen<(RecordKind Kind, ulong Version, byte[] Key, byte[] Value)> GenRecord = Gen.Select(
        Gen.Int[1, 8].Select(kind => (RecordKind)kind),
        Gen.ULong,
        Gen.Byte.Array[0, 40],
        Gen.OneOf(Gen.Byte.Array[0, 60], Gen.Byte.Array[900, 1100], Gen.Byte.Array[0, 5000]));

    [Fact]
    public void Random_records_come_back_however_the_bytes_are_cut_up()
    {
        Gen.Select(GenRecord.Array[1, 20], Gen.Int[1, 2500].Array[1, 8], Gen.Int[0, 19]).Sample((records, pieces, epochAt) =>
        {
            var writer = new JournalWriter(JournalBytes.Id);
            var written = new List<Entry>();
            for (var i = 0; i < records.Length; i++)
            {
                if (i == epochAt)
                    writer.BeginEpoch(writer.Epoch + 1);
                var (kind, version, key, value) = records[i];
                var record = new Record(kind, new Version(version), key, value);
                writer.Append(in record);
                written.Add(Entry.Of(in record, writer.EndLsn));
            }
            var reader = new JournalReader(null, 0);
            var read = new List<Entry>();
            var bytes = writer.Unwritten;
            for (var i = 0; !bytes.IsEmpty; i++)
            {
                var count = Math.Min(pieces[i % pieces.Length], bytes.Length);
                Assert.True(reader.Feed(bytes[..count], (in Record record, long end) => read.Add(Entry.Of(in record, end))));
                bytes = bytes[count..];
            }
            Assert.Equal(written, read);
            Assert.Equal(
                (writer.EndLsn, writer.EndLsn, writer.Epoch, writer.DataBytes),
                (reader.FedLsn, reader.AppliedLsn, reader.Epoch, reader.DataBytes));
        }, iter: 300);
    }

    [Fact]
    public void Every_size_around_a_page_boundary_comes_back()
    {
        var tried = 0;
        foreach (var pages in new[] { 1, 2, 3 })
            for (var size = pages * Page.PayloadBytes - 80; size <= pages * Page.PayloadBytes + 16; size++)
            {
                var journal = new JournalBytes();
                journal.BeginEpoch(1);
                // the first page also holds a segment's head; the record after it starts wherever the first one ended
                journal.Put(size).Put(3).Put(size).Put(0);
                var (entries, scan, verdict) = JournalBytes.Scan(journal.ToArray(), pieceBytes: 1);
                Assert.Equal(journal.Entries, entries);
                Assert.Equal((JournalState.Whole, journal.Writer.EndLsn), (verdict.State, scan.Reader.FedLsn));
                tried++;
            }
        Console.WriteLine($"sizes around page boundaries: {tried}, each fed byte by byte");
    }

    [Fact]
    public void A_value_of_64_MiB_spans_a_segment_boundary()
    {
        var writer = new JournalWriter(JournalBytes.Id);
        writer.BeginEpoch(1);
        var value = JournalBytes.Bytes(64 << 20, 3);
        writer.Append(new Record(RecordKind.Put, new Version(1), "a"u8, value));
        writer.Append(new Record(RecordKind.Put, new Version(2), "b"u8, value));
        Assert.True(writer.Pages > Page.SegmentPages);
        var reader = new JournalReader(null, 0);
        var count = 0;
        Assert.True(reader.Feed(writer.Unwritten, (in Record record, long _) =>
        {
            Assert.True(record.Value.SequenceEqual(value));
            count++;
        }));
        Assert.Equal((2, writer.EndLsn), (count, reader.AppliedLsn));
    }

    [Fact]
    public void A_segment_names_its_journal_so_reading_can_begin_there()
    {
        var writer = new JournalWriter(JournalBytes.Id);
        writer.BeginEpoch(1);
        var value = new byte[60_000];
        var firstInSegment = -1;
        var count = 0;
        for (; writer.Pages < Page.SegmentPages + 200; count++)
        {
            if (firstInSegment < 0 && writer.EndLsn >= Page.StartOf(Page.SegmentPages))
                firstInSegment = count;
            writer.Append(new Record(RecordKind.Put, new Version((ulong)count + 1), "k"u8, value));
        }
        var segment = writer.Unwritten[(int)Page.StartOf(Page.SegmentPages)..];
        var reader = new JournalReader(null, Page.StartOf(Page.SegmentPages));
        var versions = new List<int>();
        Assert.True(reader.Feed(segment, (in Record record, long _) => versions.Add((int)record.Version.Value - 1)));
        Assert.Equal(JournalBytes.Id, reader.Id);
        Assert.Equal(Enumerable.Range(firstInSegment, count - firstInSegment), versions);

        var other = new JournalReader(new JournalId(5), Page.StartOf(Page.SegmentPages));
        Assert.False(other.Feed(segment, (in Record _, long _) => Assert.Fail("a record of another journal")));
        Assert.Equal(DamageKind.AnotherJournal, other.Damage?.Kind);
    }

    [Fact]
    public void Reading_can_begin_at_every_page_and_at_every_record()
    {
        var journal = new JournalBytes();
        journal.BeginEpoch(1);
        for (var i = 0; i < 12; i++)
            journal.Put(i * 211 % 2300);
        var bytes = journal.ToArray();
        for (var page = 0; page < journal.Writer.Pages; page++)
        {
            var start = (int)Page.StartOf(page);
            var read = ReadFrom(new JournalReader(JournalBytes.Id, start), bytes.AsSpan(start));
            Assert.Equal(journal.Entries.TakeLast(read.Count), read);
            // a record that begins in this page or later has its first byte behind the page's header
            var begins = journal.Entries.Count(entry => BeginOf(journal, entry) >= start);
            Assert.Equal(begins, read.Count);
        }
        foreach (var entry in journal.Entries)
        {
            var read = ReadFrom(JournalReader.Resume(JournalBytes.Id, 1, entry.EndLsn), bytes.AsSpan((int)entry.EndLsn));
            Assert.Equal(journal.Entries.Where(later => later.EndLsn > entry.EndLsn), read);
        }

        static List<Entry> ReadFrom(JournalReader reader, ReadOnlySpan<byte> bytes)
        {
            var read = new List<Entry>();
            Assert.True(reader.Feed(bytes, (in Record record, long end) => read.Add(Entry.Of(in record, end))));
            return read;
        }
    }

    [Fact]
    public void A_resumed_writer_goes_on_in_the_middle_of_a_page()
    {
        var whole = new JournalBytes();
        whole.BeginEpoch(1);
        whole.Put(100).Put(1500).Put(20);
        var writer = JournalWriter.Resume(JournalBytes.Id, 1, whole.Entries[1].EndLsn);
        writer.Append(new Record(RecordKind.Put, new Version(3), "key-2"u8, JournalBytes.Bytes(20, 3)));
        Assert.Equal(whole.ToArray().AsSpan((int)whole.Entries[1].EndLsn).ToArray(), writer.Unwritten.ToArray());
    }

    [Fact]
    public void A_new_epoch_begins_a_page_and_pads_the_one_before()
    {
        for (var size = 0; size < 2100; size++)
        {
            var journal = new JournalBytes();
            journal.BeginEpoch(1);
            journal.Put(size);
            journal.BeginEpoch(2);
            Assert.Equal(0, Page.OffsetOf(journal.Writer.EndLsn));
            var page = Page.NumberOf(journal.Writer.EndLsn);
            journal.Put(5);
            var bytes = journal.ToArray();
            Assert.True(Page.TryReadHeader(bytes.AsSpan((int)Page.StartOf(page)), out var epoch, out var number));
            Assert.Equal((2u, page), (epoch, number));
            var (entries, scan, verdict) = JournalBytes.Scan(bytes);
            Assert.Equal(journal.Entries, entries);
            Assert.Equal((JournalState.Whole, 2u), (verdict.State, scan.Reader.Epoch));
        }
    }

    [Fact]
    public void Bytes_handed_out_are_never_changed()
    {
        Gen.Select(GenRecord.Array[1, 30], Gen.Int[0, 3000].Array[1, 8]).Sample((records, steps) =>
        {
            var written = new List<byte>();
            var stepwise = new JournalWriter(JournalBytes.Id);
            var atOnce = new JournalWriter(JournalBytes.Id);
            for (var i = 0; i < records.Length; i++)
            {
                var (kind, version, key, value) = records[i];
                var record = new Record(kind, new Version(version), key, value);
                stepwise.Append(in record);
                atOnce.Append(in record);
                var count = Math.Min(steps[i % steps.Length], stepwise.Unwritten.Length);
                written.AddRange(stepwise.Unwritten[..count]);
                stepwise.MarkWritten(stepwise.WrittenLsn + count);
            }
            written.AddRange(stepwise.Unwritten);
            Assert.Equal(atOnce.Unwritten.ToArray(), written.ToArray());
        }, iter: 200);
    }

    [Fact]
    public void Nothing_is_allocated_once_buffers_have_grown()
    {
        var writer = new JournalWriter(JournalBytes.Id);
        writer.BeginEpoch(1);
        var reader = new JournalReader(null, 0);
        RecordHandler handler = static (in Record _, long _) => { };
        var value = new byte[300];
        var large = new byte[5000];
        Run(500);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(20_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Console.WriteLine($"bytes allocated by 20,000 appends and reads: {allocated}");
        Assert.Equal(0, allocated);

        void Run(int count)
        {
            for (var i = 0; i < count; i++)
            {
                writer.Append(new Record(RecordKind.Put, new Version((ulong)i), "some key"u8, i % 16 == 0 ? large : value));
                if (i % 10 != 0)
                    continue;
                reader.Feed(writer.Unwritten, handler);
                writer.MarkWritten(writer.EndLsn);
            }
        }
    }

    /// <summary>The LSN of a record's first fragment.</summary>
    private static long BeginOf(JournalBytes journal, Entry entry)
    {
        var index = journal.Entries.IndexOf(entry);
        var previous = index == 0 ? SegmentHead.EndOffset : journal.Entries[index - 1].EndLsn;
        var offset = Page.OffsetOf(previous);
        var isInNextPage = offset == 0 || Page.PageBytes - offset < Fragment.MinBytes;
        return isInNextPage ? Page.StartOf(Page.CountFor(previous)) + Page.HeaderBytes : previous;
    }
}
