using SuperMassive.Core.Journal;
using Record = SuperMassive.Core.Journal.Record;

namespace SuperMassive.Core.Tests.Journal;

/// <summary>Fragments that are sealed as they should be and yet cannot follow each other.</summary>
public sealed class FragmentOrderTests
{
    [Theory]
    [InlineData("1:Middle")]
    [InlineData("1:Last")]
    [InlineData("1:Full Last")]
    [InlineData("1:First|1:Full")]
    [InlineData("1:First|1:First")]
    [InlineData("1:First|1:Pad")]
    [InlineData("1:First|1:Segment")]
    [InlineData("1:First|2:Last")]
    [InlineData("1:Full Segment")]
    public void Wrong_order_is_damage_and_no_torn_tail(string pages)
    {
        var scan = new JournalScan();
        scan.Feed(Head(), (in Record _, long _) => { });
        var bytes = Pages(pages, firstPage: 1);
        Assert.False(scan.Feed(bytes, (in Record _, long _) => { }));
        Assert.Equal((JournalState.Corrupt, DamageKind.FragmentOrder), (scan.Finish().State, scan.Reader.Damage?.Kind));
    }

    [Theory]
    [InlineData("1:Middle|1:Last Full", 1, null)]
    [InlineData("1:Last Full|2:Full", 2, null)]
    [InlineData("1:Pad|2:Full", 1, null)]
    [InlineData("2:Full|2:Full", 2, null)]
    [InlineData("1:Middle|2:Last Full", 0, DamageKind.FragmentOrder)]
    [InlineData("1:Full Last", 1, DamageKind.FragmentOrder)]
    [InlineData("2:Full|1:Full", 1, DamageKind.PageEpoch)]
    public void Reading_that_begins_within_a_record_passes_over_its_rest_only(string pages, int records, DamageKind? damage)
    {
        var reader = new JournalReader(JournalBytes.Id, Page.StartOf(7));
        var count = 0;
        reader.Feed(Pages(pages, firstPage: 7), (in Record _, long _) => count++);
        Assert.Equal((records, damage), (count, reader.Damage?.Kind));
    }

    [Fact]
    public void A_record_of_an_unknown_kind_is_damage_and_no_torn_tail()
    {
        var page = Pages("1:Full", firstPage: 1);
        page[Page.HeaderBytes + Fragment.HeaderBytes] = 99;
        var fragment = page.AsSpan(Page.HeaderBytes, Fragment.HeaderBytes + DataBytes);
        Fragment.Seal(fragment, FragmentType.Full, Fragment.Seed(JournalBytes.Id, 1, 1));
        var scan = new JournalScan();
        scan.Feed([.. Head(), .. page], (in Record _, long _) => { });
        Assert.Equal((JournalState.Corrupt, DamageKind.Record), (scan.Finish().State, scan.Reader.Damage?.Kind));
    }

    private const int DataBytes = 21;

    /// <summary>The first page of a journal: its head and padding.</summary>
    private static byte[] Head()
    {
        var writer = new JournalWriter(JournalBytes.Id);
        writer.BeginEpoch(1);
        var value = new byte[Page.PageBytes - SegmentHead.EndOffset - Fragment.HeaderBytes - 13];
        writer.Append(new Record(RecordKind.Put, new Version(1), [], value));
        Assert.Equal(Page.PageBytes, writer.EndLsn);
        return writer.Unwritten.ToArray();
    }

    /// <summary>Pages as "epoch:fragment fragment|…", each fragment a whole record by itself; the last of a page fills it.</summary>
    private static byte[] Pages(string text, int firstPage)
    {
        var pages = text.Split('|');
        var bytes = new byte[pages.Length * Page.PageBytes];
        for (var i = 0; i < pages.Length; i++)
        {
            var page = bytes.AsSpan(i * Page.PageBytes, Page.PageBytes);
            var epoch = uint.Parse(pages[i].Split(':')[0]);
            var types = pages[i].Split(':')[1].Split(' ');
            Page.WriteHeader(page, epoch, firstPage + i);
            var at = Page.HeaderBytes;
            for (var j = 0; j < types.Length; j++)
            {
                var length = j == types.Length - 1 && pages.Length > 1 ? page.Length - at : Fragment.HeaderBytes + DataBytes;
                page[at + Fragment.HeaderBytes] = (byte)RecordKind.Put;
                var seed = Fragment.Seed(JournalBytes.Id, epoch, firstPage + i);
                Fragment.Seal(page.Slice(at, length), Enum.Parse<FragmentType>(types[j]), seed);
                at += length;
            }
        }
        return bytes;
    }
}
