using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;
using SuperMassive.Core.Tests.Journal;

namespace SuperMassive.Core.Tests.Checkpoints;

/// <summary>A checkpoint is whole or it is none.</summary>
public sealed class CheckpointDamageTests
{
    [Fact]
    public void A_checkpoint_cut_anywhere_is_none()
    {
        var bytes = SomeCheckpoint();
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(IsWhole(bytes.AsSpan(0, length)), $"{length} of {bytes.Length} bytes");
        Assert.True(IsWhole(bytes));
        Console.WriteLine($"cuts of a checkpoint: {bytes.Length}, none taken for a checkpoint");
    }

    [Fact]
    public void A_checkpoint_with_any_bit_flipped_is_none()
    {
        var bytes = SomeCheckpoint();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(IsWhole(bytes), $"bit {bit % 8} of byte {bit / 8}");
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
        }
        Console.WriteLine($"flipped bits in a checkpoint: {bytes.Length * 8}, none taken for a checkpoint");
    }

    [Fact]
    public void Bytes_behind_its_end_make_it_none()
    {
        var bytes = SomeCheckpoint();
        Assert.False(IsWhole([.. bytes, 0]));
        Assert.False(IsWhole([.. bytes, .. bytes]));
    }

    [Fact]
    public void It_is_read_alike_in_pieces_of_any_size()
    {
        var bytes = SomeCheckpoint();
        foreach (var pieceBytes in (int[])[1, 7, 1_000, 1_040, 5_000])
        {
            var reader = new CheckpointReader();
            var records = 0L;
            for (var at = 0; at < bytes.Length; at += pieceBytes)
            {
                var piece = bytes.AsSpan(at, Math.Min(pieceBytes, bytes.Length - at));
                Assert.True(reader.Feed(piece, (in Core.Journal.Record _, long _) => records++));
            }
            Assert.True(reader.IsComplete);
            Assert.Equal((records, records, bytes.Length), (reader.Records, reader.Trailer!.Value.Records, reader.FedBytes));
        }
    }

    [Fact]
    public void It_is_no_journal_and_a_journal_is_no_checkpoint()
    {
        using var stream = SomeStream();
        var checkpoint = stream.Checkpoint();
        Assert.Equal(JournalHead.Foreign, SegmentHead.Recognize(checkpoint));
        Assert.False(IsWhole(stream.Journal));
        var scan = new JournalScan();
        scan.Feed(checkpoint, (in Core.Journal.Record _, long _) => Assert.Fail("a record of a checkpoint was taken for one of a journal"));
        Assert.Equal((JournalState.Corrupt, DamageKind.UnknownFormat), (scan.Finish().State, scan.Finish().Damage!.Kind));
    }

    [Fact]
    public void It_belongs_to_one_journal()
    {
        var bytes = SomeCheckpoint();
        var recovery = new NodeRecovery(1);
        recovery.BeginCheckpoint(new JournalId(5));
        Assert.False(recovery.FeedCheckpoint(bytes));
        Assert.False(recovery.EndCheckpoint(out var problem));
        Assert.Contains("another journal", problem, StringComparison.Ordinal);
        Assert.Equal(0, recovery.Data.Table.LiveCount);
        recovery.Data.Dispose();
    }

    [Fact]
    public void A_damaged_one_leaves_nothing_behind_when_an_older_one_is_taken()
    {
        using var stream = SomeStream();
        var older = stream.Checkpoint();
        stream.BeginEpoch();
        for (var i = 0; i < 100; i++)
            stream.Change();
        var newer = stream.Checkpoint();
        newer[^1] ^= 1;
        var journal = stream.Journal;

        var recovery = new NodeRecovery(1, 8);
        recovery.BeginCheckpoint(JournalBytes.Id);
        recovery.FeedCheckpoint(newer);
        Assert.False(recovery.EndCheckpoint(out _));
        recovery.BeginCheckpoint(JournalBytes.Id);
        recovery.FeedCheckpoint(older);
        Assert.True(recovery.EndCheckpoint(out _));
        var scan = recovery.BeginScan(recovery.StartLsn, journal.Length, 0, mayHaveHoles: false);
        scan.Feed(journal.AsSpan((int)recovery.StartLsn), recovery.Apply);
        Assert.Equal(JournalState.Whole, scan.Finish().State);
        DataState.AssertEqual(stream.Data, recovery.Data);
        recovery.Data.Dispose();
    }

    [Fact]
    public void Without_it_a_journal_whose_beginning_is_gone_is_corrupt()
    {
        var recovery = new NodeRecovery(1, 8);
        var scan = recovery.BeginScan(firstLsn: 8 * Page.PageBytes, endLsn: 16 * Page.PageBytes, syncedLsn: 0, mayHaveHoles: true);
        Assert.Equal((JournalState.Corrupt, DamageKind.Missing), (scan.Finish().State, scan.Finish().Damage!.Kind));
    }

    private static RecordStream SomeStream()
    {
        var stream = new RecordStream(3, 30, 8);
        stream.BeginEpoch();
        for (var i = 0; i < 200; i++)
            stream.Change();
        return stream;
    }

    private static byte[] SomeCheckpoint()
    {
        using var stream = SomeStream();
        return stream.Checkpoint();
    }

    private static bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        var reader = new CheckpointReader();
        reader.Feed(bytes, (in Core.Journal.Record _, long _) => { });
        return reader.IsComplete;
    }
}
