using SuperMassive.Core.Journal;
using SuperMassive.Server.Journal;
using Record = SuperMassive.Core.Journal.Record;

namespace SuperMassive.Server.Tests.Journal;

public sealed class JournalRecoveryTests : IDisposable
{
    private static readonly UInt128 OtherBoot = 8;

    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_directory_has_no_journal_yet()
    {
        var (records, result) = _folder.Recover();
        Assert.Equal((0, 0L, 0L, (long?)null), (records, result.EndLsn, result.TruncatedBytes, result.CheckpointLsn));
    }

    [Fact]
    public void A_whole_journal_comes_back_as_it_is()
    {
        var bytes = _folder.Write(10, 3000, 0, 50_000, 200_000, 7).Bytes;
        using (var files = _folder.Open())
        {
            var (recovery, result) = _folder.Recover(files, acceptLoss: false);
            using var data = recovery.Data;
            Assert.Equal(((JournalId?)JournalFolder.Id, 1u, _folder.Ends[^1]), (recovery.JournalId, recovery.Epoch, recovery.EndLsn));
            Assert.Equal((6L, 0L), (result.Records, result.TruncatedBytes));
            Assert.Equal(10 + 3000 + 50_000 + 200_000 + 7 + 6 * (Record.HeadBytes + 7), recovery.DataBytes);
            _folder.AssertHolds(data, 6);
        }
        Assert.Equal(bytes, _folder.Bytes);
        Console.WriteLine(
            $"{bytes.Length} bytes in {JournalListing.Read(_folder.Folder).Segments.Count} segments "
                + $"of {Page.StartOf(_folder.SegmentPages)} bytes");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_unsynced_tail_is_cut_off_wherever_it_was_torn(bool hasRebooted)
    {
        var bytes = _folder.Write([300, 700, 2_900, 40], syncedRecords: 0).Bytes;
        var mark = File.ReadAllBytes(_folder.MarkPath);
        var cuts = 0;
        for (var length = 0; length <= bytes.Length; length += 11, cuts++)
        {
            _folder.Bytes = bytes[..length];
            File.WriteAllBytes(_folder.MarkPath, mark);
            var (records, result) = _folder.Recover(boot: hasRebooted ? OtherBoot : null);
            Assert.Equal(_folder.Ends.Count(end => end <= length), records);
            Assert.Equal(length, result.EndLsn + result.TruncatedBytes);
            Assert.Equal(bytes[..(int)result.EndLsn], _folder.Bytes);
        }
        Console.WriteLine($"journals cut and recovered: {cuts}");
    }

    [Fact]
    public void Corruption_is_refused_with_file_page_and_lsn_and_changes_nothing()
    {
        var bytes = _folder.Write(300, 700, 900, 900, 40).Bytes;
        bytes[1500] ^= 1;
        _folder.Bytes = bytes;
        var failure = Assert.Throws<JournalCorruptException>(() => _folder.Recover());
        Console.WriteLine(failure.Message);
        Assert.All([_folder.SegmentPath(0), "page 1", "LSN 1128", "--accept-loss", "replica"],
            text => Assert.Contains(text, failure.Message));
        Assert.Equal(bytes, _folder.Bytes);

        Assert.Equal(2, _folder.Recover(acceptLoss: true).Records);
        Assert.Equal(0, _folder.Recover().Result.TruncatedBytes);
    }

    [Fact]
    public void Synced_bytes_that_are_missing_are_corruption_also_when_nothing_follows()
    {
        var bytes = _folder.Write(300, 700, 900).Bytes;
        _folder.Bytes = bytes[..(int)_folder.Ends[1]];
        foreach (var boot in new[] { JournalFolder.Boot, OtherBoot })
        {
            var failure = Assert.Throws<JournalCorruptException>(() => _folder.Recover(boot: boot));
            Assert.Contains($"the disk held it up to LSN {_folder.Ends[2]}", failure.Message);
        }
        Console.WriteLine(Assert.Throws<JournalCorruptException>(() => _folder.Recover()).Message);
        Assert.Equal(2, _folder.Recover(acceptLoss: true).Records);
    }

    [Fact]
    public void A_hole_in_what_was_not_synced_is_corruption_unless_the_machine_was_restarted()
    {
        var bytes = _folder.Write([300, 700, 900, 900, 40], syncedRecords: 2).Bytes;
        bytes.AsSpan(2 * Page.PageBytes, 512).Clear();
        _folder.Bytes = bytes;
        Assert.Throws<JournalCorruptException>(() => _folder.Recover());
        Assert.Equal(_folder.Ends.Count(end => end <= 2 * Page.PageBytes), _folder.Recover(boot: OtherBoot).Records);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public void A_mark_that_is_lost_or_damaged_makes_recovery_strict(int markBytes)
    {
        var bytes = _folder.Write([300, 700, 900, 900, 40], syncedRecords: 2).Bytes;
        var mark = File.ReadAllBytes(_folder.MarkPath);
        mark[5] ^= 1;
        var holed = bytes.ToArray();
        holed.AsSpan(2 * Page.PageBytes, 512).Clear();
        _folder.Bytes = holed;
        File.WriteAllBytes(_folder.MarkPath, mark[..markBytes]);
        Assert.Throws<JournalCorruptException>(() => _folder.Recover(boot: OtherBoot));

        _folder.Bytes = bytes[..^10];
        File.WriteAllBytes(_folder.MarkPath, mark[..markBytes]);
        Assert.Equal(4, _folder.Recover(boot: OtherBoot).Records);
    }

    [Fact]
    public void After_a_recovery_that_lost_nothing_the_mark_covers_all()
    {
        _folder.Write([300, 700, 900], syncedRecords: 1);
        _folder.Recover(boot: OtherBoot);
        _folder.Bytes = _folder.Bytes[..^1];
        Assert.Throws<JournalCorruptException>(() => _folder.Recover(boot: OtherBoot));
    }

    [Fact]
    public void A_refused_journal_stays_refused()
    {
        var bytes = _folder.Write(300, 700, 900).Bytes;
        _folder.Bytes = [];
        for (var i = 0; i < 3; i++)
            Assert.Throws<JournalCorruptException>(() => _folder.Recover());
        _folder.Bytes = bytes;
        Assert.Equal(3, _folder.Recover().Records);
    }

    [Fact]
    public void Progress_goes_from_the_first_bytes_to_everything()
    {
        _folder.Write(1_500_000, 1_500_000);
        using var files = _folder.Open();
        var seen = new List<(long Read, long Of)>();
        using var data = _folder.Recover(files, acceptLoss: false, (read, of) => seen.Add((read, of))).Recovery.Data;
        Assert.Equal((files.EndLsn, files.EndLsn), seen[^1]);
        Assert.True(seen.Count > 3);
        Assert.Equal(seen.OrderBy(step => step.Read), seen);
    }

    /// <summary>After an fsync that failed the kernel would never write these pages, and the next fsync would say that they are there.</summary>
    [Fact]
    public void What_no_fsync_has_confirmed_is_written_again_at_a_start_and_nothing_else()
    {
        const int synced = 6;
        using var folder = new JournalFolder();
        folder.Write([.. Enumerable.Repeat(1_500, 2 * synced)], synced);
        var bytes = folder.Bytes;
        Assert.Equal(folder.Ends[synced - 1], MarkFile.Peek(folder.Folder)!.Value.SyncedLsn);

        var segments = JournalListing.Read(folder.Folder).Segments;
        Assert.Equal(segments.Select(segment => Page.StartOf(segment.FirstPage + folder.SegmentPages) > folder.Ends[synced - 1]), Rewritten());
        Assert.Equal(bytes, folder.Bytes);
        Assert.Equal(bytes.Length, MarkFile.Peek(folder.Folder)!.Value.SyncedLsn);
        Assert.All(Rewritten(), Assert.False);

        IEnumerable<bool> Rewritten()
        {
            var longAgo = new DateTime(2001, 2, 3, 0, 0, 0, DateTimeKind.Utc);
            foreach (var segment in segments)
                File.SetLastWriteTimeUtc(segment.FullPath, longAgo);
            Assert.Equal(2 * synced, folder.Recover().Records);
            return [.. segments.Select(segment => File.GetLastWriteTimeUtc(segment.FullPath) != longAgo)];
        }
    }
}
