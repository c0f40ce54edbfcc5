using System.Globalization;
using System.Text;
using SuperMassive.Core.Journal;

namespace SuperMassive.Core.Node;

/// <summary>A node's part of STAT: the published fields in the published order and formats, then ours.</summary>
internal static class NodeStatistics
{
    public static string Of(NodeCore node, NodeData data)
    {
        var text = new StringBuilder(1_024);
        Disk(text, node);
        Memory(text, data);
        More(text, node, data);
        return text.ToString();
    }

    private static void Disk(StringBuilder text, NodeCore node)
    {
        var file = node.JournalFile;
        var firstPage = Page.NumberOf(node.FirstLsn);
        var endPage = Page.CountFor(node.EndLsn);
        var pages = endPage - firstPage;
        text.Append("DISK\r\n");
        Line(text, "sync_enabled", true);
        Line(text, "sync_interval", $"{node.Settings.SyncIntervalMs}ms");
        Line(text, "avg_page_size", Fixed(pages == 0 ? 0 : Page.PayloadBytes, 2));
        Line(text, "file_mode", file.Mode);
        Line(text, "is_closed", file.IsClosed);
        Line(text, "last_page", endPage - 1);
        Line(text, "storage_efficiency", Fixed((double)Page.PayloadBytes / Page.PageBytes, 4));
        Line(text, "file_name", file.Name);
        Line(text, "page_size", Page.PayloadBytes);
        Line(text, "total_pages", pages);
        Line(text, "total_header_size", pages * Page.HeaderBytes);
        Line(text, "total_data_size", pages * Page.PayloadBytes);
        Line(text, "page_utilization",
            Fixed(pages == 0 ? 0 : (double)(node.EndLsn - Page.StartOf(firstPage)) / (pages * Page.PageBytes), 4));
        Line(text, "header_overhead_ratio", Fixed((double)Page.HeaderBytes / Page.PageBytes, 4));
        Line(text, "file_size", file.SizeBytes);
        Line(text, "modified_time", file.ModifiedTime);
        Line(text, "first_page", firstPage);
        Line(text, "durable_page", node.SyncedLsn / Page.PageBytes);
        Line(text, "journal_mode", node.Settings.JournalMode.ToString().ToLowerInvariant());
        Line(text, "written_lsn", node.WrittenLsn);
        Line(text, "synced_lsn", node.SyncedLsn);
    }

    private static void Memory(StringBuilder text, NodeData data)
    {
        var table = data.Table.Statistics;
        text.Append("MEMORY\r\n");
        Line(text, "load_factor", Fixed(table.LoadFactor, 4));
        Line(text, "grow_threshold", Fixed(table.GrowThreshold, 4));
        Line(text, "max_probe_length", table.MaxProbeLength);
        Line(text, "empty_buckets", table.EmptyBuckets);
        Line(text, "utilization", Fixed(table.Utilization, 4));
        Line(text, "needs_grow", table.NeedsGrow);
        Line(text, "needs_shrink", table.NeedsShrink);
        Line(text, "size", table.Size);
        Line(text, "used", table.Used);
        Line(text, "shrink_threshold", Fixed(table.ShrinkThreshold, 4));
        Line(text, "avg_probe_length", Fixed(table.AverageProbeLength, 4));
        Line(text, "empty_bucket_ratio", Fixed(table.EmptyBucketRatio, 4));
        Line(text, "keys", data.Table.LiveCount);
        Line(text, "tombstones", data.Table.TombstoneCount);
        Line(text, "bytes", data.Table.UsedBytes);
    }

    private static void More(StringBuilder text, NodeCore node, NodeData data)
    {
        Line(text, "max_bytes", node.Settings.MaxMemoryBytes);
        Line(text, "highest_version", data.HighestVersion.Value);
        Line(text, "connection_count", node.ConnectionCount);
        Line(text, "uptime", $"{node.UptimeMs / 1_000}s");
        if (node.Sync is { } sync)
        {
            Line(text, "health", sync.IsInSync ? "in sync" : sync.OutOfSyncReason);
            Line(text, "applied_lsn", sync.AppliedLsn);
            Line(text, "compared_lsn", sync.Repair.ComparedLsn);
            Line(text, "entries_mended", sync.Repair.Mended);
        }
        else
        {
            Line(text, "health",
                node.JournalFailure is { } why ? $"read only: {why}" : node.Journal.IsFull ? "read only: journal disk full" : "ok");
        }
        foreach (var feed in node.Feeds)
            Line(text, "replication_lag", $"{feed.Peer.Address} {feed.LagText}");
        foreach (var feed in node.Feeds)
        {
            Line(text, "replication_delay", $"{feed.Peer.Address} {feed.LagMs} ms");
            Line(text, "replica_compared", $"{feed.Peer.Address} {Compared(feed, node)}");
        }
    }

    private static string Compared(ReplicaFeed feed, NodeCore node)
    {
        var figures = feed.Comparison;
        return figures.ComparedLsn < 0 ? "never"
            : $"at {figures.ComparedLsn}, {(node.NowMs - figures.ComparedMs) / 1_000}s ago: {figures.Differing} buckets differ, "
                + $"{figures.Found} ever found, {figures.Repaired} repaired";
    }

    private static string Fixed(double value, int digits) => value.ToString("F" + digits, CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string name, bool value) => Line(text, name, value ? "true" : "false");

    private static void Line(StringBuilder text, string name, object value) =>
        text.Append(CultureInfo.InvariantCulture, $"    {name} {value}\r\n");
}
