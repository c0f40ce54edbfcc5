using System.Security.Cryptography;
using SuperMassive.Core;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;
using SuperMassive.Server.Journal;
using SuperMassive.Server.Tests.Loop;

namespace SuperMassive.Server.Tests.Journal;

/// <summary>A primary with a damaged journal that starts beside a replica with the same one, over TCP.</summary>
public sealed class RepairTests : IDisposable
{
    private static readonly byte[] SharedKey = TestReplica.SharedKey;

    private readonly JournalFolder _primary = new(Page.SegmentPages);
    private readonly JournalFolder _copy = new(Page.SegmentPages);
    private readonly byte[] _bytes;
    private TestReplica? _replica;

    public RepairTests()
    {
        _bytes = _primary.Write(Enumerable.Range(0, 40).Select(n => 100 + n * 40).ToArray()).Bytes;
        _copy.CopyFrom(_primary);
    }

    public void Dispose()
    {
        _replica?.Dispose();
        _primary.Dispose();
        _copy.Dispose();
    }

    [Fact]
    public void Damaged_pages_are_fetched_and_put_back()
    {
        _replica = new TestReplica(_copy.Folder);
        foreach (var pages in new int[][] { [3], [0], [2, 3, 4, 9], [_bytes.Length / Page.PageBytes] })
        {
            var damaged = _bytes.ToArray();
            foreach (var page in pages)
                damaged[page * Page.PageBytes + 25] ^= 0x40;
            var notes = Start(damaged);
            Assert.Contains($"repaired page{(pages.Length > 1 ? "s" : "")} {pages[0]} ", notes[0]);
            Assert.All([_primary.SegmentPath(0), _replica.Peer.Address], text => Assert.Contains(text, notes[0]));
            Console.WriteLine(string.Join('\n', notes));
        }
    }

    [Fact]
    public void Synced_bytes_that_are_gone_are_fetched_too()
    {
        _replica = new TestReplica(_copy.Folder);
        foreach (var length in new[] { _bytes.Length - 1, _bytes.Length - 3 * Page.PageBytes, Page.PageBytes + 1, 30, 0 })
            Console.WriteLine(Assert.Single(Start(_bytes[..length])));
    }

    [Fact]
    public void A_whole_page_that_the_disk_forgot_to_write_is_put_back()
    {
        _replica = new TestReplica(_copy.Folder);
        var damaged = _bytes.ToArray();
        damaged.AsSpan(5 * Page.PageBytes, 4 * Page.PageBytes).Clear();
        Assert.Contains("pages 5 to 8", Assert.Single(Start(damaged)));
    }

    [Fact]
    public void Tls_is_spoken_as_configured()
    {
        using var certificates = new TestCertificates();
        _replica = new TestReplica(_copy.Folder, certificates);
        var damaged = _bytes.ToArray();
        damaged[5_000] ^= 1;
        Assert.Contains("repaired", Assert.Single(Start(damaged)));
        var failure = Refused(damaged, _replica.Peer with { CaCertFile = "" });
        Assert.Contains("certificate not trusted", failure);
    }

    [Fact]
    public void Without_a_replica_that_can_help_it_is_refused_and_left_as_it_is()
    {
        var damaged = _bytes.ToArray();
        damaged[5_000] ^= 1;
        Assert.Contains("no replica is configured", Refused(damaged));
        Assert.Contains("refused", Refused(damaged, new PeerAddress("127.0.0.1:1")));

        _replica = new TestReplica(_copy.Folder);
        var failure = Refused(damaged, "another key, 16 long"u8.ToArray(), _replica.Peer);
        Assert.All([_primary.SegmentPath(0), "page 4", "--accept-loss", "shared key", _replica.Peer.Address],
            text => Assert.Contains(text, failure));
        Console.WriteLine(failure);
    }

    [Fact]
    public void A_replica_that_holds_nothing_or_another_journal_cannot_help()
    {
        var damaged = _bytes.ToArray();
        damaged[5_000] ^= 1;
        using var empty = new JournalFolder(Page.SegmentPages);
        using (var replica = new TestReplica(empty.Folder))
            Assert.Contains("it holds nothing", Refused(damaged, replica.Peer));
        using var other = new JournalFolder(Page.SegmentPages);
        using (var files = other.OpenRecoveredOfAnother())
            files.Sync();
        File.Delete(other.MarkPath);
        using (var replica = new TestReplica(other.Folder))
            Assert.Contains("it holds another journal", Refused(damaged, replica.Peer));
    }

    [Fact]
    public void A_replica_of_another_history_cannot_help_although_its_pages_are_sealed_for_the_same_places()
    {
        using var other = new JournalFolder(Page.SegmentPages);
        other.Write(Enumerable.Range(0, 400).Select(n => n < 20 ? 100 + n * 40 : 77).ToArray());
        using var replica = new TestReplica(other.Folder);
        var fork = (int)(_primary.Ends[19] / Page.PageBytes);
        var damaged = _bytes.ToArray();
        damaged[(fork + 2) * Page.PageBytes + 30] ^= 1;
        Assert.Contains("same history", Refused(damaged, replica.Peer));
        Assert.Contains("same history", Refused(_bytes[..((fork + 1) * Page.PageBytes + 100)], replica.Peer));
        damaged = _bytes.ToArray();
        damaged[(fork - 4) * Page.PageBytes + 30] ^= 1;
        Assert.Contains("repaired", Assert.Single(Start(damaged, replica.Peer)));
    }

    [Fact]
    public void A_replica_that_is_behind_cannot_help_with_what_it_has_not()
    {
        using var other = new JournalFolder(Page.SegmentPages);
        other.Write(Enumerable.Range(0, 20).Select(n => 100 + n * 40).ToArray());
        using var replica = new TestReplica(other.Folder);
        Assert.Contains("does not hold page", Refused(_bytes[..^2_000], replica.Peer));
        Assert.Contains($"ends at LSN {other.Ends[^1]}", Refused(_bytes[..(int)_primary.Ends[17]], replica.Peer));
    }

    [Fact]
    public void Loss_is_accepted_only_when_no_replica_helps()
    {
        var damaged = _bytes.ToArray();
        damaged[5_000] ^= 1;
        _replica = new TestReplica(_copy.Folder);
        Assert.Contains("repaired", Assert.Single(Start(damaged, acceptLoss: true)));

        _primary.Bytes = damaged;
        using var started = JournalStart.Open(_primary.Open(), Settings(SharedKey), acceptLoss: true, progress: null).Files;
        Assert.True(started.EndLsn < 5_000);
    }

    [Fact]
    public void A_replica_with_a_damaged_journal_starts_over_once_and_keeps_what_it_had()
    {
        _bytes[5_000] ^= 1;
        _copy.Bytes = _bytes;
        using (_replica = new TestReplica(_copy.Folder))
            Assert.Contains(_replica.Log, line => line.Contains("starts over from its primary", StringComparison.Ordinal));
        _replica = null;
        Assert.Equal(_bytes, File.ReadAllBytes(Path.Combine(_copy.Folder, JournalNames.Damaged, "journal-000000000000")));
        Assert.Empty(JournalListing.Read(_copy.Folder).Segments);

        _copy.Bytes = _bytes;
        File.Delete(_copy.MarkPath);
        var failure = Assert.Throws<JournalCorruptException>(() => new TestReplica(_copy.Folder)).Message;
        Assert.All([_copy.SegmentPath(0), JournalNames.Damaged, "remove that folder"], text => Assert.Contains(text, failure));
    }

    [Fact]
    public void A_replica_that_was_being_sent_everything_starts_over_and_a_primary_in_that_state_is_refused()
    {
        using (var files = _copy.OpenRecovered())
        {
            files.Reset(Page.StartOf(3));
            files.Write(files.EndLsn, _bytes.AsSpan(3 * Page.PageBytes));
            files.Sync();
        }
        var failure = Assert.Throws<JournalCorruptException>(
            () => JournalStart.Open(_copy.Open(), Settings(SharedKey), false, null)).Message;
        Assert.Contains("there is no checkpoint", failure);
        using (_replica = new TestReplica(_copy.Folder))
            Assert.Contains(_replica.Log,
                line => line.Contains("had not arrived whole: this replica starts over", StringComparison.Ordinal));
        _replica = null;
        Assert.Empty(JournalListing.Read(_copy.Folder).Segments);
        Assert.False(Directory.Exists(Path.Combine(_copy.Folder, JournalNames.Damaged)));
    }

    private static NodeSettings Settings(byte[] sharedKey, params PeerAddress[] replicas) => TestReplica.Settings(sharedKey, replicas);

    /// <summary>Starts the primary on these bytes, and requires that everything is there again.</summary>
    private IReadOnlyList<string> Start(byte[] bytes, PeerAddress? replica = null, bool acceptLoss = false)
    {
        _primary.Bytes = bytes;
        var started = JournalStart.Open(_primary.Open(), Settings(SharedKey, replica ?? _replica!.Peer), acceptLoss, progress: null);
        using var data = started.Recovery.Data;
        using (started.Files)
            _primary.AssertHolds(data, _primary.Ends.Count);
        Assert.Equal(SHA256.HashData(_bytes), SHA256.HashData(_primary.Bytes));
        return started.Notes;
    }

    private string Refused(byte[] bytes, params PeerAddress[] replicas) => Refused(bytes, SharedKey, replicas);

    private string Refused(byte[] bytes, byte[] sharedKey, params PeerAddress[] replicas)
    {
        _primary.Bytes = bytes;
        var failure = Assert.Throws<JournalCorruptException>(() =>
            JournalStart.Open(_primary.Open(), Settings(sharedKey, replicas), acceptLoss: false, progress: null));
        Assert.Equal(bytes, _primary.Bytes);
        return failure.Message;
    }
}
