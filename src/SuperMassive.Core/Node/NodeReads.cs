using System.Text;
using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Node;

/// <summary>The commands that change nothing; a replica answers them as its primary does.</summary>
internal sealed class NodeReads(NodeData data, NodeCore node, NodeCommands commands)
{
    private const int MaxScansPerLink = 256;
    private const int MaxPageEntries = 1 << 16;
    private const int MaxPageBytes = 8 << 20;
    private const int MaxListEntries = 4_096;

    private readonly List<ListedEntry> _listed = [];
    private readonly PatternCache _patterns = new();

    /// <param name="hash">Of the key that the command is about; 0 if it is about none.</param>
    /// <returns>Whether the arguments made sense; a reply is written only then.</returns>
    public bool Handle(PeerSession session, in Command command, ulong hash, OutputBuffer output)
    {
        switch (command.Verb)
        {
            case Verb.Get:
                Get(command[0], hash, output);
                return true;
            case Verb.Scan:
                return Scan(session, command, output);
            case Verb.Tombstones:
                return List(command, tombstones: true, output);
            case Verb.Versions:
                return List(command, tombstones: false, output);
            case Verb.Stat:
                RespWriter.Bulk(output, Encoding.UTF8.GetBytes(NodeStatistics.Of(node, data)));
                return true;
            default:
                return false;
        }
    }

    private void Get(ReadOnlySpan<byte> key, ulong hash, OutputBuffer output)
    {
        if (!data.Table.TryGet(key, hash, out var entry))
            commands.ReplyNoValue(output, key, Version.None);
        else if (entry.IsTombstone)
            commands.ReplyNoValue(output, key, entry.Version);
        else
            commands.ReplyValue(output, key, entry.Value, entry.Version);
    }

    /// <summary>
    /// <c>SCAN id pattern after count</c> → [state, lsn, (key, value or null, version)…], sorted by key. State 2: still walking, ask
    /// again with the same words; 1: a full page, more may follow its last key; 0: the end.
    /// </summary>
    private bool Scan(PeerSession session, in Command command, OutputBuffer output)
    {
        if (!RespCursor.TryParse(command[0], out long id) || !RespCursor.TryParse(command[3], out long count)
            || count is < 1 or > MaxPageEntries)
            return false;
        if (!session.Scans.TryGetValue(id, out var scan))
        {
            // a scan that was given up half-way is never asked for again: the oldest makes place
            if (session.Scans.Count >= MaxScansPerLink)
                session.Scans.Remove(session.Scans.Keys.Min());
            if (!_patterns.TryGet(command[1], node.Settings.Limits.PatternBytes, out var pattern, out var error))
            {
                RespWriter.Error(output, Encoding.UTF8.GetBytes("ERR " + error));
                return true;
            }
            scan = new NodeScan(pattern, command[2], (int)count, MaxPageBytes);
            session.Scans.Add(id, scan);
        }
        var isComplete = scan.Step(data.Table);
        if (scan.IsTooSlow)
        {
            session.Scans.Remove(id);
            RespWriter.Error(output, "ERR invalid pattern: takes too long"u8);
            return true;
        }
        if (!isComplete)
        {
            RespWriter.Array(output, 2);
            RespWriter.Integer(output, 2);
            RespWriter.Integer(output, node.AppliedLsn);
            return true;
        }
        session.Scans.Remove(id);
        WritePage(scan.Page, output);
        return true;
    }

    private void WritePage(SortedPage page, OutputBuffer output)
    {
        RespWriter.Array(output, 2 + 3 * page.Count);
        RespWriter.Integer(output, page.MoreFollow ? 1 : 0);
        RespWriter.Integer(output, node.AppliedLsn);
        for (var i = 0; i < page.Count; i++)
        {
            var entry = page[i];
            RespWriter.Bulk(output, entry.Key);
            if (entry.IsTombstone)
                RespWriter.Null(output);
            else
                RespWriter.Bulk(output, entry.Value);
            RespWriter.Integer(output, entry.Version.Value);
        }
    }

    /// <summary>
    /// <c>TOMBSTONES cursor count</c>, <c>VERSIONS cursor count</c> → [next cursor or 0, lsn, (key, version)…] in the order of key
    /// hashes, which is the same on every node of a cluster.
    /// </summary>
    private bool List(in Command command, bool tombstones, OutputBuffer output)
    {
        if (!RespCursor.TryParse(command[0], out ulong cursor) || !RespCursor.TryParse(command[1], out long count)
            || count is < 1 or > MaxListEntries)
            return false;
        _listed.Clear();
        var none = tombstones && data.Table.TombstoneCount == 0;
        var next = none ? 0 : data.Table.Scan(cursor, (int)count, (in Entry entry) =>
        {
            if (entry.IsTombstone == tombstones)
                _listed.Add(new ListedEntry(entry.Key.ToArray(), entry.Version));
        });
        RespWriter.Array(output, 2 + 2 * _listed.Count);
        RespWriter.Integer(output, next);
        RespWriter.Integer(output, node.AppliedLsn);
        foreach (var entry in _listed)
        {
            RespWriter.Bulk(output, entry.Key);
            RespWriter.Integer(output, entry.Version.Value);
        }
        return true;
    }

    private readonly record struct ListedEntry(byte[] Key, Version Version);
}
