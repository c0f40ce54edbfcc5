using SuperMassive.Core.Journal;
using SuperMassive.Server.Journal;

namespace SuperMassive.Server.Tests.Journal;

/// <summary>Checkpoint files, and every state that a process killed in the midst of installing one leaves.</summary>
public sealed class CheckpointFileTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    private string TemporaryPath => Path.Combine(_folder.Folder, JournalNames.CheckpointTemporary);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_and_installed_is_the_newest_and_the_only_one()
    {
        using var checkpoint = new CheckpointFile(_folder.Folder);
        var bytes = new byte[100];
        Assert.Equal((0, 0, 0), checkpoint.ReadNewest(0, bytes));
        Assert.Equal(3, checkpoint.Write("abc"u8));
        Assert.Equal(5, checkpoint.Write("de"u8));
        Assert.Equal((0, 0, 0), checkpoint.ReadNewest(0, bytes));
        checkpoint.Install(40);
        Assert.Equal((40, 5, 5), checkpoint.ReadNewest(0, bytes));
        Assert.Equal("abcde"u8.ToArray(), bytes[..5]);
        Assert.Equal((40, 2, 5), checkpoint.ReadNewest(3, bytes));

        checkpoint.Write("given up"u8);
        checkpoint.Abandon();
        Assert.False(File.Exists(TemporaryPath));
        checkpoint.Write("newer"u8);
        checkpoint.Install(50);
        Assert.Equal((50, 5, 5), checkpoint.ReadNewest(0, bytes));
        Assert.Equal([50], JournalListing.Read(_folder.Folder).Checkpoints.Select(listed => listed.Lsn));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.CheckpointPath(50)));
    }

    [Fact]
    public void A_file_that_cannot_be_written_or_installed_is_reported_and_gone()
    {
        using var checkpoint = new CheckpointFile(_folder.Folder);
        Directory.CreateDirectory(TemporaryPath);
        Assert.Contains(TemporaryPath, Assert.Throws<JournalFileException>(() => checkpoint.Write("x"u8)).Message);
        checkpoint.Abandon();
        Directory.Delete(TemporaryPath);
        checkpoint.Write("x"u8);
        Directory.CreateDirectory(_folder.CheckpointPath(9));
        Assert.Contains("LSN 9", Assert.Throws<JournalFileException>(() => checkpoint.Install(9)).Message);
        Assert.False(File.Exists(TemporaryPath));
        Assert.Throws<JournalFileException>(() => checkpoint.Install(9));
    }

    [Fact]
    public void Replay_goes_on_from_the_newest_checkpoint_over_any_subset_of_older_segments()
    {
        _folder.Write(3_000, 3_000, 3_000, 3_000, 100);
        var (lsn, bytes) = _folder.MakeCheckpoint();
        _folder.Write(500, 500);
        File.WriteAllBytes(_folder.CheckpointPath(lsn), bytes);
        var first = JournalListing.Read(_folder.Folder).Segments.Select(segment => segment.FirstPage)
            .Where(page => Page.StartOf(page + _folder.SegmentPages) <= lsn).ToArray();
        Assert.True(first.Length >= 3);
        var state = JournalListing.Read(_folder.Folder).Segments
            .ToDictionary(segment => segment.FullPath, segment => File.ReadAllBytes(segment.FullPath));
        for (var deleted = 0; deleted < 1 << first.Length; deleted++)
        {
            foreach (var (path, content) in state)
                File.WriteAllBytes(path, content);
            for (var n = 0; n < first.Length; n++)
            {
                if ((deleted & (1 << n)) != 0)
                    File.Delete(_folder.SegmentPath(first[n]));
            }
            var (records, result) = _folder.Recover();
            Assert.Equal((7, (long?)lsn, 7L), (records, result.CheckpointLsn, result.Records));
            Assert.Equal(7, _folder.Recover().Records);
        }
        Console.WriteLine($"{1 << first.Length} subsets of the {first.Length} segments before a checkpoint deleted, all recovered");
    }

    [Fact]
    public void Killed_between_the_steps_of_installing_nothing_is_lost()
    {
        _folder.Write(300, 3_000, 3_000);
        var older = _folder.MakeCheckpoint();
        _folder.Write(700, 3_000);
        var newer = _folder.MakeCheckpoint();
        _folder.Write(40);
        var states = 0;
        // while it is written, and before the rename: whatever is in the temporary file does not count
        for (var length = 0; length <= newer.Bytes.Length; length += 97, states++)
        {
            File.WriteAllBytes(_folder.CheckpointPath(older.Lsn), older.Bytes);
            File.WriteAllBytes(TemporaryPath, newer.Bytes[..length]);
            var (records, result) = _folder.Recover();
            Assert.Equal((6, (long?)older.Lsn), (records, result.CheckpointLsn));
            Assert.False(File.Exists(TemporaryPath));
        }
        // renamed, the older one not yet removed
        File.WriteAllBytes(_folder.CheckpointPath(newer.Lsn), newer.Bytes);
        Assert.Equal((6, (long?)newer.Lsn), (_folder.Recover().Records, _folder.Recover().Result.CheckpointLsn));
        // the older one removed
        File.Delete(_folder.CheckpointPath(older.Lsn));
        Assert.Equal((6, (long?)newer.Lsn), (_folder.Recover().Records, _folder.Recover().Result.CheckpointLsn));
        Console.WriteLine($"{states + 2} states between two checkpoints, nothing lost");
    }

    [Fact]
    public void A_damaged_checkpoint_never_counts_and_an_older_one_or_the_whole_journal_stands_in()
    {
        _folder.Write(300, 900, 900);
        var older = _folder.MakeCheckpoint();
        _folder.Write(700);
        var newer = _folder.MakeCheckpoint();
        _folder.Write(40);
        File.WriteAllBytes(_folder.CheckpointPath(older.Lsn), older.Bytes);
        var flips = 0;
        for (var at = 0; at < newer.Bytes.Length; at += 13, flips++)
        {
            var damaged = newer.Bytes.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(_folder.CheckpointPath(newer.Lsn), damaged);
            var (records, result) = _folder.Recover();
            Assert.Equal((5, (long?)older.Lsn), (records, result.CheckpointLsn));
            Assert.Contains(_folder.CheckpointPath(newer.Lsn), Assert.Single(result.Warnings));
        }
        File.Delete(_folder.CheckpointPath(older.Lsn));
        Assert.Equal((5, (long?)null), (_folder.Recover().Records, _folder.Recover().Result.CheckpointLsn));
        Console.WriteLine($"{flips} damaged checkpoints passed over");
    }

    [Fact]
    public void Without_its_only_checkpoint_a_journal_that_was_let_go_of_is_refused()
    {
        _folder.Write(3_000, 3_000, 3_000);
        var (lsn, bytes) = _folder.MakeCheckpoint();
        bytes[^3] ^= 1;
        File.WriteAllBytes(_folder.CheckpointPath(lsn), bytes);
        File.Delete(_folder.SegmentPath(0));
        var message = Assert.Throws<JournalCorruptException>(() => _folder.Recover(acceptLoss: true)).Message;
        Console.WriteLine(message);
        Assert.All([_folder.Folder, _folder.CheckpointPath(lsn), "replica", "dump"], text => Assert.Contains(text, message));
    }

    [Fact]
    public void A_journal_that_ends_before_its_checkpoint_was_made_is_corrupt()
    {
        _folder.Write(300, 900, 900);
        var (lsn, bytes) = _folder.MakeCheckpoint();
        File.WriteAllBytes(_folder.CheckpointPath(lsn), bytes);
        File.Delete(_folder.MarkPath);
        _folder.Bytes = _folder.Bytes[..^1];
        Assert.Contains($"LSN {lsn}", Assert.Throws<JournalCorruptException>(() => _folder.Recover()).Message);
    }

    [Fact]
    public void A_checkpoint_of_another_journal_is_refused()
    {
        _folder.Write(300);
        var (lsn, bytes) = _folder.MakeCheckpoint();
        File.WriteAllBytes(_folder.CheckpointPath(lsn), bytes);
        foreach (var path in new[] { _folder.SegmentPath(0), _folder.MarkPath })
            File.Delete(path);
        using (var files = _folder.OpenRecoveredOfAnother())
            files.Sync();
        var message = Assert.Throws<JournalFileException>(() => _folder.Recover()).Message;
        Assert.All([_folder.CheckpointPath(lsn), "mixed", JournalFolder.Id.ToString()], text => Assert.Contains(text, message));
    }
}
