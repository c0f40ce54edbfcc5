using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Tests.Checkpoints;

/// <summary>All that a node's data is, to compare.</summary>
internal static class DataState
{
    public static void AssertEqual(NodeData expected, NodeData actual)
    {
        Assert.Equal(
            (expected.Fence, expected.KnownThrough, expected.PurgedThrough, expected.HighestVersion),
            (actual.Fence, actual.KnownThrough, actual.PurgedThrough, actual.HighestVersion));
        Assert.Equal(expected.History, actual.History);
        Assert.Equal(
            (expected.Table.LiveCount, expected.Table.TombstoneCount),
            (actual.Table.LiveCount, actual.Table.TombstoneCount));
        Assert.Equal(Entries(expected.Table), Entries(actual.Table));
    }

    public static SortedDictionary<string, (ulong Version, bool IsTombstone, string Value)> Entries(HashTable table)
    {
        var entries = new SortedDictionary<string, (ulong, bool, string)>(StringComparer.Ordinal);
        var cursor = 0UL;
        do
        {
            cursor = table.Scan(cursor, 100, (in Entry entry) => entries.Add(
                Convert.ToHexString(entry.Key), (entry.Version.Value, entry.IsTombstone, Convert.ToHexString(entry.Value))));
        }
        while (cursor != 0);
        return entries;
    }

    /// <summary>What a replay of the journal from its first byte gives.</summary>
    public static NodeRecovery Replay(ReadOnlySpan<byte> journal, long segmentPages) => Recover([], journal, 0, segmentPages).Recovery;

    /// <summary>What a recovery as a shell does it gives.</summary>
    /// <param name="checkpoint">Empty: none.</param>
    /// <param name="journal">The whole journal from LSN 0, of which only what follows the checkpoint is looked at.</param>
    public static (NodeRecovery Recovery, JournalVerdict Verdict) Recover(
        ReadOnlySpan<byte> checkpoint, ReadOnlySpan<byte> journal, long syncedLsn, long segmentPages, bool mayHaveHoles = false)
    {
        var recovery = new NodeRecovery(1, segmentPages);
        if (!checkpoint.IsEmpty)
        {
            recovery.BeginCheckpoint();
            recovery.FeedCheckpoint(checkpoint);
            Assert.True(recovery.EndCheckpoint(out var problem), problem);
        }
        var scan = recovery.BeginScan(recovery.StartLsn, journal.Length, syncedLsn, mayHaveHoles);
        if (journal.Length >= recovery.StartLsn)
            scan.Feed(journal[(int)recovery.StartLsn..], recovery.Apply);
        var verdict = scan.Finish();
        recovery.Complete(scan.Reader.Id, scan.Reader.Epoch, verdict.EndLsn, scan.Reader.DataBytes);
        return (recovery, verdict);
    }
}
