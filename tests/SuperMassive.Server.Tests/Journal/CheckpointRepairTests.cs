using SuperMassive.Core;
using SuperMassive.Core.Journal;
using SuperMassive.Server.Journal;

namespace SuperMassive.Server.Tests.Journal;

/// <summary>A primary whose checkpoint is damaged or gone, and the journal before it long dropped, that starts beside a replica.</summary>
public sealed class CheckpointRepairTests : IDisposable
{
    private const int Records = 40;
    private const int RecordsBefore = 10;
    private const int FirstPage = 1;

    private readonly JournalFolder _primary = new(Page.SegmentPages);
    private readonly JournalFolder _copy = new(Page.SegmentPages);
    private readonly string _path;
    private readonly byte[] _checkpoint;

    public CheckpointRepairTests()
    {
        var lsn = Fill(_primary, n => 100 + n * 40);
        _path = _primary.CheckpointPath(lsn);
        _checkpoint = File.ReadAllBytes(_path);
        _copy.CopyFrom(_primary);
    }

    public void Dispose()
    {
        _primary.Dispose();
        _copy.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_replicas_checkpoint_is_fetched(bool isDamaged)
    {
        using var replica = new TestReplica(_copy.Folder);
        Harm(isDamaged);
        var note = Start(replica.Peer)[0];
        Console.WriteLine(note);
        Assert.All([_path, replica.Peer.Address], text => Assert.Contains(text, note));
        Assert.Equal(_checkpoint, File.ReadAllBytes(_path));
    }

    [Fact]
    public void Damaged_pages_behind_it_are_fetched_then()
    {
        using var replica = new TestReplica(_copy.Folder);
        Harm(isDamaged: true);
        var page = _primary.Ends[30] / Page.PageBytes;
        using (var segment = File.OpenWrite(_primary.SegmentPath(0)))
        {
            segment.Position = page * Page.PageBytes + 30;
            segment.WriteByte(0x55);
        }
        var notes = Start(replica.Peer);
        Assert.Contains("took checkpoint", notes[0]);
        Assert.Contains($"repaired page {page} ", notes[1]);
    }

    [Fact]
    public void A_checkpoint_that_is_damaged_too_or_is_missing_there_does_not_help()
    {
        Harm(isDamaged: true);
        Assert.Contains("no replica is configured", Refused());
        using var replica = new TestReplica(_copy.Folder);
        var path = _copy.CheckpointPath(JournalListing.Read(_copy.Folder).Checkpoints[0].Lsn);
        var bytes = _checkpoint.ToArray();
        bytes[^30] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("its checkpoint is damaged too", Refused(replica.Peer));
        File.WriteAllBytes(path, _checkpoint[..^1]);
        Assert.Contains("its checkpoint is damaged too", Refused(replica.Peer));
        File.Delete(path);
        Assert.Contains("it has no checkpoint", Refused(replica.Peer));
    }

    [Fact]
    public void A_checkpoint_of_another_history_does_not_help()
    {
        using var other = new JournalFolder(Page.SegmentPages);
        Fill(other, n => n < 5 ? 100 + n * 40 : 333);
        using var replica = new TestReplica(other.Folder);
        Harm(isDamaged: true);
        Assert.Contains("is not the same", Refused(replica.Peer));
    }

    [Fact]
    public void A_checkpoint_that_reaches_beyond_this_journal_does_not_help()
    {
        using var replica = new TestReplica(_copy.Folder);
        Harm(isDamaged: true);
        using (var segment = File.OpenWrite(_primary.SegmentPath(0)))
            segment.SetLength(_primary.Ends[RecordsBefore - 3]);
        Assert.Contains("this journal ends at", Refused(replica.Peer));
    }

    /// <summary>A journal with a checkpoint in it, and without what was before that but for a page or two.</summary>
    private static long Fill(JournalFolder folder, Func<int, int> valueBytes)
    {
        folder.Write([.. Enumerable.Range(0, RecordsBefore).Select(valueBytes)]);
        var (lsn, checkpoint) = folder.MakeCheckpoint();
        folder.Write([.. Enumerable.Range(RecordsBefore, Records - RecordsBefore).Select(valueBytes)]);
        DropBefore(folder, folder.Bytes, FirstPage);
        File.WriteAllBytes(folder.CheckpointPath(lsn), checkpoint);
        return lsn;
    }

    private static void DropBefore(JournalFolder folder, byte[] bytes, long page)
    {
        using var files = folder.Open();
        files.Reset(Page.StartOf(page));
        files.Write(files.EndLsn, bytes.AsSpan((int)Page.StartOf(page)));
        files.Sync();
    }

    private void Harm(bool isDamaged)
    {
        var bytes = _checkpoint.ToArray();
        bytes[bytes.Length / 2] ^= 1;
        File.Delete(_path);
        if (isDamaged)
            File.WriteAllBytes(_path, bytes);
    }

    /// <summary>Starts the primary, and requires that everything is there again.</summary>
    private IReadOnlyList<string> Start(PeerAddress replica)
    {
        var started = JournalStart.Open(_primary.Open(), TestReplica.Settings(TestReplica.SharedKey, replica), acceptLoss: false, progress: null);
        using var data = started.Recovery.Data;
        using (started.Files)
            _primary.AssertHolds(data, Records);
        return started.Notes;
    }

    /// <summary>Requires that it does not start, and that its files are as before.</summary>
    private string Refused(params PeerAddress[] replicas)
    {
        var before = Files();
        var failure = Assert.Throws<JournalCorruptException>(() =>
            JournalStart.Open(_primary.Open(), TestReplica.Settings(TestReplica.SharedKey, replicas), acceptLoss: false, progress: null));
        Assert.Equal(before, Files());
        Console.WriteLine(failure.Message);
        return failure.Message;
    }

    private List<(string Name, string Hash)> Files() =>
        [.. Directory.GetFiles(_primary.Folder).Where(file => file != _primary.MarkPath).Order()
            .Select(file => (file, Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))))];
}
