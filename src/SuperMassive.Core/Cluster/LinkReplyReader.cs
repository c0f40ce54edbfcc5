using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>
/// Reads one reply as its request asks for it. All of it is looked at before anybody believes a part, so that a reply which is no reply
/// ends the link while its request still stands in line: then whoever waits for it hears that it is lost.
/// </summary>
internal static class LinkReplyReader
{
    private const int LargestScanState = 2;

    /// <returns>Whether it has the form that its request asks for; false as well while it is incomplete.</returns>
    public static bool TryRead(ref RespCursor cursor, LinkRequestKind kind, ref LinkReply reply)
    {
        if (cursor.PeekType() == '-')
        {
            reply.IsError = true;
            return cursor.TryLine('-', out reply.Text);
        }
        switch (kind)
        {
            case LinkRequestKind.Get or LinkRequestKind.Put or LinkRequestKind.Delete or LinkRequestKind.Add or LinkRequestKind.Drop
                or LinkRequestKind.CopyTombstone:
                return TryReadKeyed(ref cursor, ref reply);
            case LinkRequestKind.Join:
                return TryReadJoined(ref cursor, ref reply);
            case LinkRequestKind.Scan:
                return TryReadScan(ref cursor, ref reply);
            case LinkRequestKind.Tombstones or LinkRequestKind.Versions:
                return TryReadVersions(ref cursor, ref reply);
            case LinkRequestKind.Purge or LinkRequestKind.Known:
                return cursor.TryInteger(out reply.Lsn);
            case LinkRequestKind.Statistics:
                return cursor.TryBulk(out reply.Text, out var isNull) && !isNull;
            default:
                return cursor.TryLine('+', out reply.Text);
        }
    }

    /// <summary>[key, value or null or number, version, lsn]</summary>
    private static bool TryReadKeyed(ref RespCursor cursor, ref LinkReply reply)
    {
        if (!cursor.TryArray(out var count) || count != 4 || !cursor.TryBulk(out reply.Key, out var noKey) || noKey)
            return false;
        if (cursor.PeekType() == ':')
        {
            if (!cursor.TryInteger(out reply.Number))
                return false;
        }
        else
        {
            if (!cursor.TryBulk(out reply.Value, out var isNull))
                return false;
            reply.HasValue = !isNull;
        }
        if (!cursor.TryUnsigned(out var version) || !cursor.TryInteger(out reply.Lsn))
            return false;
        reply.Version = new Version(version);
        return true;
    }

    /// <summary>[history, lsn, highest version, purged through, known through, entries] or [STALE, epoch]</summary>
    private static bool TryReadJoined(ref RespCursor cursor, ref LinkReply reply)
    {
        if (!cursor.TryArray(out var count) || count is not (2 or 6) || !cursor.TryBulk(out var word, out var noWord) || noWord)
            return false;
        if (count == 2)
        {
            return cursor.TryBulk(out var epoch, out _) && word.SequenceEqual("STALE"u8)
                && RespCursor.TryParse(epoch, out reply.StaleEpoch) && reply.StaleEpoch is >= 0 and < long.MaxValue;
        }
        if (!cursor.TryInteger(out var lsn) || !cursor.TryUnsigned(out var highest) || !cursor.TryUnsigned(out var purged)
            || !cursor.TryUnsigned(out var known) || !cursor.TryInteger(out var entries))
            return false;
        reply.Node = new JoinedNode(
            System.Text.Encoding.ASCII.GetString(word), lsn, new Version(highest), new Version(purged), new Version(known), entries);
        return true;
    }

    /// <summary>[state, lsn, (key, value or null, version)…]</summary>
    private static bool TryReadScan(ref RespCursor cursor, ref LinkReply reply)
    {
        if (!cursor.TryArray(out var count) || count < 2 || !cursor.TryInteger(out reply.Number) || !cursor.TryInteger(out reply.Lsn))
            return false;
        reply.List = cursor;
        reply.ListCount = (count - 2) / 3;
        for (var i = 0; i < reply.ListCount; i++)
        {
            if (!cursor.TryBulk(out _, out var noKey) || noKey || !cursor.TryBulk(out _, out _) || !cursor.TryUnsigned(out _))
                return false;
        }
        return count == 2 + 3 * reply.ListCount && reply.Number is >= 0 and <= LargestScanState;
    }

    /// <summary>[next cursor or 0, lsn, (key, version)…]</summary>
    private static bool TryReadVersions(ref RespCursor cursor, ref LinkReply reply)
    {
        if (!cursor.TryArray(out var count) || count < 2 || !cursor.TryUnsigned(out reply.NextCursor) || !cursor.TryInteger(out reply.Lsn))
            return false;
        reply.List = cursor;
        reply.ListCount = (count - 2) / 2;
        for (var i = 0; i < reply.ListCount; i++)
        {
            if (!cursor.TryBulk(out _, out var noKey) || noKey || !cursor.TryUnsigned(out _))
                return false;
        }
        return count == 2 + 2 * reply.ListCount;
    }
}
