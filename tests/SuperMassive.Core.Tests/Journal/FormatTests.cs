using System.Text;
using SuperMassive.Core.Journal;

namespace SuperMassive.Core.Tests.Journal;

public sealed class FormatTests
{
    [Fact]
    public void Persisted_numbers_never_change()
    {
        Assert.Equal(
            "Put=1 Tombstone=2 Drop=3 Purge=4 Epoch=5 Checkpoint=6 Fence=7 Known=8",
            string.Join(' ', Enum.GetValues<RecordKind>().Select(kind => $"{kind}={(int)kind}")));
        Assert.Equal(
            "Full=1 First=2 Middle=3 Last=4 Pad=5 Segment=6",
            string.Join(' ', Enum.GetValues<FragmentType>().Select(type => $"{type}={(int)type}")));
        Assert.Equal(
            (1040, 16, 1024, 65536L, 1u),
            (Page.PageBytes, Page.HeaderBytes, Page.PayloadBytes, Page.SegmentPages, SegmentHead.FormatVersion));
    }

    /// <summary>Checked against an independent CRC-32C in Python: page header, segment head, one record.</summary>
    [Fact]
    public void A_small_journal_is_these_bytes()
    {
        var journal = new JournalBytes();
        journal.BeginEpoch(1);
        journal.Put("key", "value"u8.ToArray());
        Assert.Equal(GoldenHex, Convert.ToHexStringLower(journal.ToArray()));
    }

    [Fact]
    public void A_fragment_is_valid_only_in_its_journal_epoch_and_page()
    {
        var fragment = new byte[Fragment.HeaderBytes + 2];
        "89"u8.CopyTo(fragment.AsSpan(Fragment.HeaderBytes));
        Fragment.Seal(fragment, FragmentType.Full, Fragment.Seed(JournalBytes.Id, 1, 2));
        Assert.True(Fragment.IsSealed(fragment, Fragment.Seed(JournalBytes.Id, 1, 2)));
        Assert.False(Fragment.IsSealed(fragment, Fragment.Seed(JournalBytes.Id, 2, 2)));
        Assert.False(Fragment.IsSealed(fragment, Fragment.Seed(JournalBytes.Id, 1, 3)));
        Assert.False(Fragment.IsSealed(fragment, Fragment.Seed(new JournalId(1), 1, 2)));
    }

    [Fact]
    public void Ids_are_read_as_they_are_written()
    {
        Assert.Equal("0123456789abcdeffedcba9876543210", JournalBytes.Id.ToString());
        Assert.True(JournalId.TryParse("0123456789abcdeffedcba9876543210", out var id));
        Assert.Equal(JournalBytes.Id, id);
        Assert.True(HistoryId.TryParse("0000000000000000000000000000000a", out var history));
        Assert.Equal(new HistoryId(10), history);
        foreach (var wrong in new[] { null, "", "a", "0123456789abcdeffedcba987654321g", "0123456789abcdeffedcba98765432101" })
            Assert.False(JournalId.TryParse(wrong, out _), wrong);
    }

    [Fact]
    public void Epoch_and_fence_are_read_as_they_are_written()
    {
        var epoch = new EpochRecord(7, new HistoryId(11), 1040 * 5, new HistoryId(13));
        var bytes = new byte[EpochRecord.Bytes];
        epoch.Write(bytes);
        Assert.True(EpochRecord.TryRead(bytes, out var readEpoch));
        Assert.Equal(epoch, readEpoch);
        Assert.False(EpochRecord.TryRead(bytes.AsSpan(1), out _));

        var fence = new FenceRecord(ulong.MaxValue - 1, 42);
        var fenceBytes = new byte[FenceRecord.Bytes];
        fence.Write(fenceBytes);
        Assert.True(FenceRecord.TryRead(fenceBytes, out var readFence));
        Assert.Equal(fence, readFence);
        Assert.False(FenceRecord.TryRead([], out _));
    }

    [Fact]
    public void A_file_is_recognized_by_its_head()
    {
        var journal = new JournalBytes();
        journal.BeginEpoch(1);
        var head = journal.Put(100).ToArray().AsSpan(0, SegmentHead.EndOffset).ToArray();
        Assert.Equal(JournalHead.Journal, SegmentHead.Recognize(head));
        for (var length = 0; length < head.Length; length++)
            Assert.Equal(JournalHead.Unfinished, SegmentHead.Recognize(head.AsSpan(0, length)));
        for (var bit = 0; bit < head.Length * 8; bit++)
        {
            var flipped = (byte[])head.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(JournalHead.Journal, SegmentHead.Recognize(flipped));
        }
        var foreign = Encoding.ASCII.GetBytes("something somebody else wrote, as long as a head of ours");
        Assert.Equal(JournalHead.Foreign, SegmentHead.Recognize(foreign));
        Assert.Equal(JournalHead.Foreign, SegmentHead.Recognize("a short note"u8));
        Assert.Equal(JournalHead.Unfinished, SegmentHead.Recognize(new byte[40]));
    }

    [Theory]
    [InlineData(0, 2, JournalHead.NewerFormat, DamageKind.NewerFormat)]
    [InlineData(0, 0, JournalHead.Foreign, DamageKind.UnknownFormat)]
    [InlineData('X', 1, JournalHead.Foreign, DamageKind.UnknownFormat)]
    public void Another_format_is_no_corruption(int magic, uint version, JournalHead expected, DamageKind damage)
    {
        var journal = new JournalBytes();
        journal.BeginEpoch(1);
        var bytes = journal.Put(100).ToArray();
        var fragment = bytes.AsSpan(Page.HeaderBytes, SegmentHead.EndOffset - Page.HeaderBytes);
        if (magic != 0)
            fragment[Fragment.HeaderBytes] = (byte)magic;
        BitConverter.TryWriteBytes(fragment[(Fragment.HeaderBytes + 8)..], version);
        Fragment.Seal(fragment, FragmentType.Segment, Fragment.Seed(default, 1, 0));
        Assert.Equal(expected, SegmentHead.Recognize(bytes.AsSpan(0, SegmentHead.EndOffset)));
        var (entries, _, verdict) = JournalBytes.Scan(bytes);
        Assert.Empty(entries);
        Assert.Equal((JournalState.Corrupt, damage), (verdict.State, verdict.Damage?.Kind));
    }

    private const string GoldenHex =
        "6d61111a010000000000000000000000" // page header
        + "19b9a6641c0006534d6a6f75726e6c010000001032547698badcfeefcdab8967452301" // segment
        + "d7789622150001010100000000000000030000006b657976616c7565"; // record
}
