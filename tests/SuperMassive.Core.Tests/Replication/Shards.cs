using SuperMassive.Core.Node;
using SuperMassive.Core.Storage;
using SuperMassive.Core.Tests.Cores;

namespace SuperMassive.Core.Tests.Replication;

/// <summary>What a primary and its replica have in common.</summary>
internal static class Shards
{
    /// <summary>Same table, same digests, and the same journal bytes from where both still hold them.</summary>
    public static void AssertEqual(WorldNode primary, WorldNode replica)
    {
        Assert.Equal(Entries(primary.Node.Data), Entries(replica.Node.Data));
        Assert.Equal(Sums(primary.Node.Data), Sums(replica.Node.Data));
        Assert.Equal(primary.JournalBytes, replica.JournalBytes);
        var from = Math.Max(primary.FirstJournalLsn, replica.FirstJournalLsn);
        Assert.Equal(primary.Journal.Skip((int)(from - primary.FirstJournalLsn)),
            replica.Journal.Skip((int)(from - replica.FirstJournalLsn)));
        Assert.Equal((primary.Node.Data.PurgedThrough, primary.Node.Data.KnownThrough, primary.Node.Data.Fence),
            (replica.Node.Data.PurgedThrough, replica.Node.Data.KnownThrough, replica.Node.Data.Fence));
        Assert.Equal(primary.Node.Data.History, replica.Node.Data.History);
        var figures = replica.Node.Figures();
        Assert.True(figures.IsInSync);
        Assert.Equal(primary.JournalBytes, figures.AppliedLsn);
    }

    public static ComparisonFigures Comparison(WorldNode primary, int replica = 0) => primary.Node.Figures().Replicas[replica].Comparison;

    public static UInt128[] Sums(NodeData data) =>
        [.. Enumerable.Range(0, TableDigests.Buckets).Select(bucket => data.Digests[bucket])];

    private static List<string> Entries(NodeData data)
    {
        var entries = new List<string>();
        void Visit(in Entry entry) => entries.Add(
            $"{Convert.ToHexString(entry.Key)} {entry.Version} {entry.IsTombstone} {entry.Value.Length} {EntryDigest.Of(0, entry)}");
        for (var cursor = data.Table.Scan(0, 256, Visit); cursor != 0;)
            cursor = data.Table.Scan(cursor, 256, Visit);
        entries.Sort(StringComparer.Ordinal);
        return entries;
    }
}
