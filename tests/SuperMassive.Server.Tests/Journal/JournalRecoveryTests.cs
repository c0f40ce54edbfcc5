using SuperMassive.Core.Journal;
using SuperMassive.Server.Journal;
using Record = SuperMassive.Core.Journal.Record;

namespace SuperMassive.Server.Tests.Journal;

public sealed class JournalRecoveryTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_file_has_no_journal_yet()
    {
        var result = _folder.Recover();
        Assert.Equal(default, result);
    }

    [Fact]
    public void A_whole_journal_comes_back_as_it_is()
    {
        var bytes = _folder.Write(10, 3000, 0, 500_000, 2_000_000, 7).Bytes;
        var result = _folder.Recover();
        Assert.Equal(
            ((JournalId?)JournalFolder.Id, 1u, _folder.Ends[^1], 0L),
            (result.JournalId, result.Epoch, result.EndLsn, result.TruncatedBytes));
        Assert.Equal(10 + 3000 + 500_000 + 2_000_000 + 7 + 6 * (Record.HeadBytes + 3), result.DataBytes);
        Assert.Equal(bytes, _folder.Bytes);
    }

    [Fact]
    public void A_torn_tail_is_cut_off_wherever_it_was_torn()
    {
        var bytes = _folder.Write(300, 700, 40).Bytes;
        var cuts = 0;
        for (var length = 0; length <= bytes.Length; length += 11, cuts++)
        {
            _folder.Bytes = bytes[..length];
            var result = _folder.Recover();
            Assert.Equal(_folder.Ends.Count(end => end <= length), result.Records);
            Assert.Equal(length, result.EndLsn + result.TruncatedBytes);
            Assert.Equal(bytes[..(int)result.EndLsn], _folder.Bytes);
        }
        Console.WriteLine($"files cut and recovered: {cuts}");
    }

    [Fact]
    public void Corruption_is_refused_with_file_page_and_lsn_and_changes_nothing()
    {
        var bytes = _folder.Write(300, 700, 900, 900, 40).Bytes;
        bytes[1500] ^= 1;
        _folder.Bytes = bytes;
        var failure = Assert.Throws<JournalCorruptException>(() => _folder.Recover());
        Console.WriteLine(failure.Message);
        Assert.All([_folder.FilePath, "page 1", "LSN 1120", "--accept-loss", "replica"], text => Assert.Contains(text, failure.Message));
        Assert.Equal(bytes, _folder.Bytes);

        var accepted = _folder.Recover(acceptLoss: true);
        Assert.Equal((2L, _folder.Ends[1]), (accepted.Records, accepted.EndLsn));
        Assert.Equal(0, _folder.Recover().TruncatedBytes);
    }

    [Fact]
    public void Another_journals_segment_is_not_cut_off_even_when_loss_is_accepted()
    {
        var bytes = _folder.Write(300).Bytes;
        var fragment = bytes.AsSpan(Page.HeaderBytes, SegmentHead.EndOffset - Page.HeaderBytes);
        using var file = PageFile.Open(_folder.Folder);
        fragment[Fragment.HeaderBytes] ^= 1;
        Fragment.Seal(fragment, FragmentType.Segment, Fragment.Seed(default, 1, 0));
        file.Truncate(0);
        file.Write(0, bytes);
        Assert.Throws<JournalCorruptException>(() => JournalRecovery.Run(file, (in Record _, long _) => { }, acceptLoss: true));
        Assert.Equal(bytes.Length, file.Length);
    }

    [Fact]
    public void Progress_goes_from_nothing_to_everything()
    {
        _folder.Write(1_500_000, 1_500_000);
        using var file = PageFile.Open(_folder.Folder);
        var seen = new List<(long Read, long Of)>();
        JournalRecovery.Run(file, (in Record _, long _) => { }, (read, of) => seen.Add((read, of)));
        Assert.Equal((0, file.Length), seen[0]);
        Assert.Equal((file.Length, file.Length), seen[^1]);
        Assert.True(seen.Count > 3);
        Assert.Equal(seen.OrderBy(step => step.Read), seen);
    }
}
