using System.Text.RegularExpressions;
using SuperMassive.Core.Journal;
using SuperMassive.Server.Journal;

namespace SuperMassive.Server.Tests.Journal;

public sealed class JournalFilesTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    private int SegmentBytes => (int)Page.StartOf(_folder.SegmentPages);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_back_over_the_borders_of_segments()
    {
        var bytes = Numbered(3 * SegmentBytes + 100);
        using (var files = _folder.OpenRecovered())
        {
            for (var at = 0; at < bytes.Length; at += 777)
                files.Write(at, bytes.AsSpan(at, Math.Min(777, bytes.Length - at)));
            Assert.Equal(bytes.Length, files.EndLsn);
            Assert.Equal(bytes, Read(files, 0));
            Assert.Equal(bytes[(SegmentBytes - 3)..], Read(files, SegmentBytes - 3));
            Assert.Empty(Read(files, bytes.Length));
            Assert.Equal(bytes.Length, files.Sync());
        }
        Assert.Equal(bytes, _folder.Bytes);
        Assert.Equal([0, 4, 8, 12], JournalListing.Read(_folder.Folder).Segments.Select(segment => segment.FirstPage));
    }

    [Fact]
    public void Truncation_deletes_segments_and_what_follows_is_written_anew()
    {
        var bytes = Numbered(3 * SegmentBytes);
        using var files = _folder.OpenRecovered();
        files.Write(0, bytes);
        files.Sync();
        foreach (var lsn in new[] { 2 * SegmentBytes, SegmentBytes + 5, SegmentBytes, 17 })
        {
            files.Truncate(lsn);
            Assert.Equal((lsn, lsn), (files.EndLsn, files.SyncedLsn));
            Assert.Equal(bytes[..lsn], _folder.Bytes);
            Assert.Equal(lsn, MarkFile.Peek(_folder.Folder)!.Value.SyncedLsn);
        }
        files.Write(17, bytes.AsSpan(17));
        files.Sync();
        Assert.Equal(bytes, Read(files, 0));
        files.Truncate(0);
        Assert.Empty(JournalListing.Read(_folder.Folder).Segments);
    }

    [Fact]
    public void Nothing_is_overwritten_and_no_gap_left()
    {
        using var files = _folder.OpenRecovered();
        files.Write(0, "0123"u8);
        Assert.Throws<ArgumentOutOfRangeException>(() => files.Write(3, "x"u8));
        Assert.Throws<ArgumentOutOfRangeException>(() => files.Write(5, "x"u8));
        Assert.Throws<ArgumentOutOfRangeException>(() => files.Truncate(5));
        Assert.Equal("0123"u8.ToArray(), Read(files, 0));
    }

    [Fact]
    public void Whole_segments_are_dropped_and_the_last_one_stays()
    {
        var bytes = Numbered(3 * SegmentBytes);
        using var files = _folder.OpenRecovered();
        files.Write(0, bytes);
        files.DropBefore(SegmentBytes - 1);
        Assert.Equal(0, files.FirstLsn);
        files.DropBefore(2 * SegmentBytes - 1);
        Assert.Equal(SegmentBytes, files.FirstLsn);
        Assert.Empty(Read(files, 0));
        Assert.Equal(bytes[SegmentBytes..], Read(files, SegmentBytes));
        Assert.Equal(3, JournalListing.Read(_folder.Folder).Segments.Count);
        files.DeleteDropped();
        Assert.Equal(2, JournalListing.Read(_folder.Folder).Segments.Count);
        files.DropBefore(long.MaxValue);
        files.DeleteDropped();
        Assert.Equal([8], JournalListing.Read(_folder.Folder).Segments.Select(segment => segment.FirstPage));
        files.Sync();
        Assert.Equal(bytes.Length, files.SyncedLsn);
    }

    [Fact]
    public void After_a_reset_the_journal_begins_in_the_midst_of_a_sparse_segment()
    {
        var start = (int)Page.StartOf(_folder.SegmentPages + 1);
        using (var files = _folder.OpenRecovered())
        {
            files.Write(0, Numbered(2 * SegmentBytes));
            WriteCheckpoint(5);
            files.Reset(start);
            Assert.Equal((start, start, start), (files.FirstLsn, files.EndLsn, files.SyncedLsn));
            Assert.Empty(JournalListing.Read(_folder.Folder).Segments);
            Assert.Empty(JournalListing.Read(_folder.Folder).Checkpoints);
            files.Write(start, "0123"u8);
            files.Sync();
            Assert.Empty(Read(files, start - 1));
            Assert.Equal("0123"u8.ToArray(), Read(files, start));
        }
        using (var files = _folder.Open())
            Assert.Equal((start, start + 4L), (files.FirstLsn, files.EndLsn));
        Assert.Equal(Page.StartOf(1) + 4, new FileInfo(_folder.SegmentPath(4)).Length);
    }

    [Theory]
    [InlineData(JournalMarkState.Emptying)]
    [InlineData(JournalMarkState.PuttingAside)]
    public void A_reset_that_was_cut_short_is_finished_at_the_next_start(JournalMarkState state)
    {
        _folder.Write(3_000, 3_000);
        WriteCheckpoint(5);
        File.Delete(_folder.SegmentPath(0));
        var start = state == JournalMarkState.Emptying ? Page.StartOf(9) : 0;
        var mark = new byte[JournalMark.Bytes];
        new JournalMark(default, start, start, JournalFolder.Boot, 0, state).Write(mark);
        File.WriteAllBytes(_folder.MarkPath, mark);
        for (var i = 0; i < 2; i++)
        {
            using var files = _folder.Open();
            Assert.Equal((start, start), (files.FirstLsn, files.EndLsn));
            Assert.Equal(["journal.mark"], Directory.GetFiles(_folder.Folder).Select(Path.GetFileName));
        }
        Assert.Equal(state == JournalMarkState.PuttingAside,
            File.Exists(Path.Combine(_folder.Folder, JournalNames.Damaged, "journal-000000000004")));
    }

    [Fact]
    public void What_is_missing_at_the_end_of_an_earlier_segment_reads_as_zeros()
    {
        _folder.Write(3_000, 3_000);
        using (var segment = File.OpenWrite(_folder.SegmentPath(0)))
            segment.SetLength(1_000);
        using var files = _folder.Open();
        var bytes = Read(files, 0);
        Assert.Equal(_folder.Ends[^1], bytes.Length);
        Assert.False(bytes.AsSpan(1_000, SegmentBytes - 1_000).ContainsAnyExcept((byte)0));
        Assert.True(bytes.AsSpan(SegmentBytes).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void The_folder_is_created_and_status_says_what_ls_would()
    {
        var folder = Path.Combine(_folder.Folder, "a", "b");
        var files = JournalOpening.Open(folder, _folder.SegmentPages, JournalFolder.Boot);
        Assert.Equal(("journal-000000000000", 0L), (files.Status.Name, files.Status.SizeBytes));
        files.Write(0, new byte[SegmentBytes + 10]);
        var status = files.Status;
        Assert.Equal(("journal-000000000004", SegmentBytes + 10L, false), (status.Name, status.SizeBytes, status.IsClosed));
        Assert.Matches(new Regex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$"), status.ModifiedTime);
        Assert.Equal("-rwxr-x--x", JournalStatus.Text((UnixFileMode)Convert.ToInt32("751", 8)));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal("-rw-------", status.Mode);
            foreach (var file in Directory.GetFiles(folder))
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
        files.Dispose();
        Assert.True(files.Status.IsClosed);
    }

    [Fact]
    public void After_a_failed_write_the_journal_is_what_it_was_and_goes_on()
    {
        using var files = _folder.OpenRecovered();
        var bytes = Numbered(3 * SegmentBytes);
        files.Write(0, bytes.AsSpan(0, 100));
        Directory.CreateDirectory(_folder.SegmentPath(8));
        var failure = Assert.Throws<JournalFileException>(() => files.Write(100, bytes.AsSpan(100)));
        Assert.Contains(_folder.SegmentPath(8), failure.Message);
        Assert.Equal(100, files.EndLsn);
        Directory.Delete(_folder.SegmentPath(8));
        files.Write(100, bytes.AsSpan(100));
        Assert.Equal(bytes, Read(files, 0));
    }

    [Fact]
    public void Room_is_set_aside_in_this_segment_and_the_next_and_survives_nothing_but_writing()
    {
        using var files = _folder.OpenRecovered();
        Assert.Equal(0, files.RoomBytes);
        files.Write(0, new byte[10]);
        Assert.True(files.Reserve(100) >= 100);
        Assert.Equal(SegmentBytes - 10, files.RoomBytes);
        Assert.Single(JournalListing.Read(_folder.Folder).Segments);
        Assert.True(files.Reserve(2L * SegmentBytes) >= 2 * SegmentBytes);
        Assert.Equal(3 * SegmentBytes - 10, files.RoomBytes);
        Assert.Equal([10, 0, 0], JournalListing.Read(_folder.Folder).Segments.Select(segment => segment.LengthBytes));
        Assert.Equal("journal-000000000000", files.Status.Name);
        files.Write(10, new byte[SegmentBytes]);
        Assert.Equal(2 * SegmentBytes - 10, files.RoomBytes);
        files.Truncate(5);
        Assert.Equal(0, files.RoomBytes);
        files.Sync();
    }

    [Fact]
    public void A_full_disk_is_told_from_other_failures()
    {
        Assert.False(DiskFull.IsCauseOf(new IOException("input/output error", 5)));
        if (!OperatingSystem.IsLinux())
            return;
        using var full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
        Assert.True(DiskFull.IsCauseOf(Assert.Throws<IOException>(() => RandomAccess.Write(full, "x"u8, 0))));
    }

    private void WriteCheckpoint(long lsn) => File.WriteAllText(Path.Combine(_folder.Folder, JournalNames.OfCheckpoint(lsn)), "");

    private static byte[] Numbered(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = (byte)(i * 31 + i / 256);
        return bytes;
    }

    private static byte[] Read(JournalFiles files, long lsn)
    {
        var bytes = new byte[files.EndLsn - lsn + 10];
        return bytes[..files.Read(lsn, bytes)];
    }
}
