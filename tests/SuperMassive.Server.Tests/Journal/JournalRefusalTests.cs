using System.Buffers.Binary;
using SuperMassive.Core.Journal;
using SuperMassive.Server.Journal;

namespace SuperMassive.Server.Tests.Journal;

/// <summary>Whatever stands where a journal should and is none, or not this one: refused in words, and left as it is.</summary>
public sealed class JournalRefusalTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_opening_is_refused_until_the_first_is_closed()
    {
        var first = _folder.Open();
        AssertRefused(_folder.MarkPath, "in use by another process", "Stop that process");
        first.Dispose();
        _folder.Open().Dispose();
    }

    [Theory]
    [InlineData("journal-000000000000")]
    [InlineData("journal.mark")]
    [InlineData(".journal")]
    [InlineData("checkpoint-0000000000000100")]
    public void A_symbolic_link_is_refused(string name)
    {
        var target = Path.Combine(_folder.Folder, "elsewhere");
        File.WriteAllText(target, "untouched");
        var path = Path.Combine(_folder.Folder, name);
        File.CreateSymbolicLink(path, target);
        AssertRefused(path, "symbolic link", target, "--directory");
        Assert.Equal("untouched", File.ReadAllText(target));
    }

    [Theory]
    [InlineData("journal-000000000000")]
    [InlineData("journal.mark")]
    [InlineData(".journal")]
    [InlineData("checkpoint-0000000000000100")]
    public void A_directory_is_refused(string name)
    {
        var path = Path.Combine(_folder.Folder, name);
        Directory.CreateDirectory(path);
        AssertRefused(path, "is a directory", "Move it away");
    }

    [Fact]
    public void A_folder_that_is_a_file_is_refused()
    {
        var path = Path.Combine(_folder.Folder, "file");
        File.WriteAllText(path, "x");
        Assert.Contains(path, Assert.Throws<JournalFileException>(() => JournalFiles.Open(path)).Message);
    }

    [Theory]
    [InlineData("journal-000000000000")]
    [InlineData("journal.mark")]
    public void A_file_without_permission_is_refused(string name)
    {
        if (OperatingSystem.IsWindows())
            return;
        _folder.Write(10);
        var path = Path.Combine(_folder.Folder, name);
        File.SetUnixFileMode(path, UnixFileMode.None);
        // root reads and writes whatever the mode says
        if (Environment.IsPrivilegedProcess)
            _folder.Open().Dispose();
        else
            AssertRefused(path, "no permission", "user who runs this process");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Theory]
    [InlineData("a short note")]
    [InlineData("a file of somebody else, which is longer than the head of a journal and must stay as it is")]
    public void Another_file_is_refused_and_left_alone(string text)
    {
        foreach (var name in new[] { "journal-000000000000", ".journal" })
        {
            var path = Path.Combine(_folder.Folder, name);
            File.WriteAllText(path, text);
            AssertRefused(path, "is not a SuperMassive journal", "left as it is");
            Assert.Equal(text, File.ReadAllText(path));
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(2, "newer version of SuperMassive", "start that version")]
    [InlineData(0, "reads no more", "start the version that wrote it")]
    public void Another_format_is_refused_and_left_alone(uint version, params string[] says)
    {
        var bytes = _folder.Write(10, 20).Bytes;
        var head = bytes.AsSpan(Page.HeaderBytes, SegmentHead.EndOffset - Page.HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(head[(Fragment.HeaderBytes + 8)..], version);
        Fragment.Seal(head, FragmentType.Segment, Fragment.Seed(default, 1, 0));
        _folder.Bytes = bytes;
        AssertRefused(_folder.SegmentPath(0), says);
        Assert.Equal(bytes, _folder.Bytes);
    }

    [Fact]
    public void A_mark_of_a_newer_format_is_refused_and_left_alone()
    {
        _folder.Write(10);
        var mark = File.ReadAllBytes(_folder.MarkPath);
        mark[8]++;
        BinaryPrimitives.WriteUInt32LittleEndian(mark.AsSpan(68), Crc32C.Of(mark.AsSpan(0, 68)));
        File.WriteAllBytes(_folder.MarkPath, mark);
        AssertRefused(_folder.MarkPath, "newer version of SuperMassive", "start that version");
        Assert.Equal(mark, File.ReadAllBytes(_folder.MarkPath));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(50)]
    public void A_truncated_head_of_a_synced_journal_is_refused(int length)
    {
        var bytes = _folder.Write(10, 20).Bytes;
        _folder.Bytes = bytes[..length];
        var message = Assert.Throws<JournalCorruptException>(() => _folder.Recover()).Message;
        Assert.All([_folder.SegmentPath(0), "page 0", "replica"], text => Assert.Contains(text, message));
        Assert.Equal(bytes[..length], _folder.Bytes);
    }

    [Fact]
    public void A_destroyed_head_is_corruption_once_the_mark_says_what_it_was()
    {
        var bytes = _folder.Write(10, 20).Bytes;
        bytes.AsSpan(0, 100).Fill(0xAA);
        _folder.Bytes = bytes;
        var failure = Assert.Throws<JournalCorruptException>(() => _folder.Recover());
        Assert.Contains("page 0", failure.Message);
        Assert.Equal(JournalFolder.Id, failure.Id);
    }

    [Fact]
    public void Segments_of_two_journals_are_refused()
    {
        using var other = new JournalFolder();
        _folder.Write(3_000, 3_000, 3_000);
        WriteOther(other);
        File.Copy(other.SegmentPath(4), _folder.SegmentPath(4), overwrite: true);
        File.Delete(_folder.SegmentPath(8));
        var before = _folder.Bytes;
        AssertRefused(_folder.SegmentPath(4), "mixed", _folder.SegmentPath(0), JournalFolder.Id.ToString());
        File.Delete(_folder.MarkPath);
        AssertRefused(_folder.SegmentPath(4), "mixed", _folder.SegmentPath(0));
        Assert.Equal(before, _folder.Bytes);
    }

    [Fact]
    public void A_journal_under_another_journals_mark_is_refused()
    {
        using var other = new JournalFolder();
        _folder.Write(30);
        WriteOther(other);
        File.Copy(other.MarkPath, _folder.MarkPath, overwrite: true);
        AssertRefused(_folder.SegmentPath(0), "mixed", _folder.MarkPath);
    }

    [Fact]
    public void A_missing_segment_in_the_middle_is_refused_by_name()
    {
        _folder.Write(3_000, 3_000, 3_000, 3_000);
        File.Delete(_folder.SegmentPath(4));
        AssertRefused(_folder.SegmentPath(4), "is missing", "journal-000000000008", "backup");
    }

    [Fact]
    public void A_missing_first_segment_is_refused_as_a_journal_without_its_checkpoint()
    {
        _folder.Write(3_000, 3_000, 3_000, 3_000);
        File.Delete(_folder.SegmentPath(0));
        var message = Assert.Throws<JournalCorruptException>(() => _folder.Recover()).Message;
        Console.WriteLine(message);
        Assert.All([_folder.Folder, "begins at LSN 4160", "no checkpoint", "replica"], text => Assert.Contains(text, message));
        Assert.Throws<JournalCorruptException>(() => _folder.Recover(acceptLoss: true));
    }

    [Fact]
    public void A_segment_that_begins_where_none_does_or_is_too_long_is_refused()
    {
        _folder.Write(10);
        File.WriteAllText(_folder.SegmentPath(3), "x");
        AssertRefused(_folder.SegmentPath(3), "multiple of 4 pages");
        File.Delete(_folder.SegmentPath(3));
        using (var segment = File.OpenWrite(_folder.SegmentPath(0)))
            segment.SetLength(Page.StartOf(4) + 1);
        AssertRefused(_folder.SegmentPath(0), "more than the 4160");
    }

    private void AssertRefused(string path, params string[] says)
    {
        var message = Assert.Throws<JournalFileException>(() => _folder.Recover()).Message;
        Assert.All(says.Append(path), text => Assert.Contains(text, message));
    }

    private static void WriteOther(JournalFolder other)
    {
        using var files = other.OpenRecoveredOfAnother();
        files.Sync();
        files.Recovered(null);
    }
}
