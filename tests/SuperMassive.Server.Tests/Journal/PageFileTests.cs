using System.Text.RegularExpressions;
using SuperMassive.Core.Journal;
using SuperMassive.Server.Journal;

namespace SuperMassive.Server.Tests.Journal;

public sealed class PageFileTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_back_after_reopening()
    {
        using (var file = PageFile.Open(_folder.Folder))
        {
            file.Write(0, "0123456789"u8);
            file.Write(10, "abc"u8);
            file.Sync();
            file.Truncate(12);
            file.Write(12, "xyz"u8);
            var bytes = new byte[100];
            Assert.Equal(15, file.Read(0, bytes));
            Assert.Equal("0123456789abxyz"u8.ToArray(), bytes[..15]);
            Assert.Equal(2, file.Read(13, bytes));
            Assert.Equal(0, file.Read(15, bytes));
            Assert.Equal(15, file.Length);
        }
        Assert.Equal("0123456789abxyz"u8.ToArray(), _folder.Bytes);
    }

    [Fact]
    public void Nothing_is_overwritten_and_no_gap_left()
    {
        using var file = PageFile.Open(_folder.Folder);
        file.Write(0, "0123"u8);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Write(3, "x"u8));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Write(5, "x"u8));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Truncate(5));
        Assert.Equal("0123"u8.ToArray(), Read(file));
    }

    [Fact]
    public void The_folder_is_created_and_status_says_what_ls_would()
    {
        var folder = Path.Combine(_folder.Folder, "a", "b");
        var file = PageFile.Open(folder);
        file.Write(0, new byte[1040]);
        var status = file.Status;
        Assert.Equal((".journal", 1040L, false), (status.Name, status.SizeBytes, status.IsClosed));
        Assert.Matches(new Regex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$"), status.ModifiedTime);
        Assert.Equal("-rwxr-x--x", PageFileStatus.Text((UnixFileMode)Convert.ToInt32("751", 8)));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal("-rw-------", status.Mode);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.FullPath));
        }
        file.Dispose();
        Assert.True(file.Status.IsClosed);
    }

    [Fact]
    public void A_second_opening_is_refused_until_the_first_is_closed()
    {
        var first = PageFile.Open(_folder.Folder);
        AssertRefused("in use by another process", "Stop that process");
        first.Dispose();
        PageFile.Open(_folder.Folder).Dispose();
    }

    [Fact]
    public void A_symbolic_link_is_refused()
    {
        var target = Path.Combine(_folder.Folder, "elsewhere");
        File.WriteAllText(target, "untouched");
        File.CreateSymbolicLink(_folder.FilePath, target);
        AssertRefused("symbolic link", target, "data-directory");
        Assert.Equal("untouched", File.ReadAllText(target));
    }

    [Fact]
    public void A_directory_is_refused()
    {
        Directory.CreateDirectory(_folder.FilePath);
        AssertRefused("is a directory", "Move it away");
    }

    [Fact]
    public void A_folder_that_is_a_file_is_refused()
    {
        var path = Path.Combine(_folder.Folder, "file");
        File.WriteAllText(path, "x");
        Assert.Contains(path, Assert.Throws<JournalFileException>(() => PageFile.Open(path)).Message);
    }

    [Fact]
    public void A_file_without_permission_is_refused()
    {
        if (OperatingSystem.IsWindows())
            return;
        _folder.Write(10);
        File.SetUnixFileMode(_folder.FilePath, UnixFileMode.None);
        // root reads and writes whatever the mode says
        if (Environment.IsPrivilegedProcess)
            PageFile.Open(_folder.Folder).Dispose();
        else
            AssertRefused("no permission", "user who runs this process");
        File.SetUnixFileMode(_folder.FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Theory]
    [InlineData("a short note")]
    [InlineData("a file of somebody else, which is longer than the head of a journal and must stay as it is")]
    public void Another_file_is_refused_and_left_alone(string text)
    {
        File.WriteAllText(_folder.FilePath, text);
        AssertRefused("is not a SuperMassive journal", "left as it is");
        Assert.Equal(text, File.ReadAllText(_folder.FilePath));
    }

    [Fact]
    public void A_newer_format_is_refused_and_left_alone()
    {
        var bytes = _folder.Write(10, 20).Bytes;
        var head = bytes.AsSpan(Page.HeaderBytes, SegmentHead.EndOffset - Page.HeaderBytes);
        head[Fragment.HeaderBytes + 8]++;
        Fragment.Seal(head, FragmentType.Segment, Fragment.Seed(default, 1, 0));
        _folder.Bytes = bytes;
        AssertRefused("newer version of SuperMassive", "start that version");
        Assert.Equal(bytes, _folder.Bytes);
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

    [Fact]
    public void After_a_failed_write_that_cannot_be_cut_off_nothing_is_written()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var file = new PageFile(new FileStream("/dev/full", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0));
        var failure = Assert.Throws<JournalFileException>(() => file.Write(0, "x"u8));
        Assert.True(failure.IsDiskFull);
        Assert.Contains("/dev/full", failure.Message);
        Assert.Contains("written no more", Assert.Throws<JournalFileException>(() => file.Write(0, "x"u8)).Message);
        Assert.Contains("written no more", Assert.Throws<JournalFileException>(file.Sync).Message);
        Assert.Equal(0, file.Length);
    }

    private void AssertRefused(params string[] says)
    {
        var message = Assert.Throws<JournalFileException>(() => PageFile.Open(_folder.Folder)).Message;
        Assert.All(says.Append(_folder.FilePath), text => Assert.Contains(text, message));
    }

    private static byte[] Read(PageFile file)
    {
        var bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.Read(0, bytes));
        return bytes;
    }
}
