using System.Globalization;
using System.Text;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Cluster;

/// <summary>Counted as the work is done.</summary>
internal sealed class ClusterStatistics
{
    public long HintHits;
    public long Gathers;
    public long FailOvers;
}

/// <summary>STAT: the cluster's own figures, then each primary's followed by its replicas', every body under its own header.</summary>
internal sealed class StatisticsFlow(ClusterCore core)
{
    public void Run(Operation operation)
    {
        var collection = new Collection();
        operation.Flow = collection;
        operation.Legs = 1;
        foreach (var link in core.Members.Links())
        {
            var section = new Section(link);
            collection.Sections.Add(section);
            if (!link.IsJoined)
                continue;
            operation.Legs++;
            link.Statistics(operation);
        }
        LegEnded(operation);
    }

    public void Replied(Operation operation, ShardLink link, in LinkReply reply)
    {
        if (!reply.IsError && operation.Flow is Collection collection && collection.Sections.Find(s => s.Link == link) is { } section)
            section.Body = Encoding.UTF8.GetString(reply.Text);
        LegEnded(operation);
    }

    public void Lost(Operation operation) => LegEnded(operation);

    private void LegEnded(Operation operation)
    {
        if (--operation.Legs > 0)
            return;
        var text = new StringBuilder();
        Cluster(text);
        foreach (var section in ((Collection)operation.Flow!).Sections)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{(section.Link.IsReplica ? "REPLICA" : "PRIMARY")} {section.Link.Peer.Address}\r\n");
            text.Append(section.Body ?? $"    down\r\n    reason {section.Link.DownReason}\r\n");
        }
        var reply = new OutputBuffer(text.Length + 64);
        ReplyWriter.Body(reply, operation.Framing, Encoding.UTF8.GetBytes(text.ToString()));
        core.Complete(operation, Outcome.Raw, reply.Sendable);
    }

    private void Cluster(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"CLUSTER {core.Settings.Address}\r\n");
        Line(text, "current_sequence", core.Router.Sequence);
        Line(text, "client_connection_count", core.ClientCount);
        Line(text, "health", core.IsSuperseded ? "superseded by a newer cluster process" : "ok");
        Line(text, "primaries_healthy", $"{core.Members.HealthyCount} of {core.Members.Shards.Count}");
        Line(text, "read_mode", core.Settings.ReadMode.ToString().ToLowerInvariant());
        Line(text, "epoch", core.State.Epoch);
        Line(text, "newest_version", core.Clock.Last.Value);
        Line(text, "hints", core.Hints.Count);
        Line(text, "hint_hits", core.Statistics.HintHits);
        Line(text, "gathers", core.Statistics.Gathers);
        Line(text, "fail_overs", core.Statistics.FailOvers);
        Line(text, "uptime", $"{core.UptimeMs / 1_000}s");
    }

    private static void Line(StringBuilder text, string name, object value) =>
        text.Append(CultureInfo.InvariantCulture, $"    {name} {value}\r\n");

    private sealed class Collection
    {
        public List<Section> Sections { get; } = [];
    }

    private sealed class Section(ShardLink link)
    {
        public ShardLink Link { get; } = link;

        public string? Body { get; set; }
    }
}
