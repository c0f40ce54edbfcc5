using SuperMassive.Core.Journal;
using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Node.Replication;

/// <summary>
/// Keys of which a replica holds something else than its primary. What is newer there is taken back through the write funnel;
/// otherwise the replica is told exactly what the primary holds.
/// </summary>
internal sealed class MendList(ReplicaFeed feed, NodeCore node)
{
    /// <summary>Keys that are worked on at a time; values are read when they are sent.</summary>
    private const int MaxAwaited = 32;
    private const int MaxAwaitedBytes = 256 << 10;

    private readonly Queue<(byte[] Key, Version Theirs)> _keys = new();
    private int _awaited;

    public bool IsAwaiting => _awaited > 0;

    public long Mended { get; private set; }

    public long TakenBack { get; private set; }

    public void Begin() => _keys.Clear();

    public void Add(ReadOnlySpan<byte> key, Version theirs) => _keys.Enqueue((key.ToArray(), theirs));

    public void Clear()
    {
        _keys.Clear();
        _awaited = 0;
    }

    public void ResetCounts() => Mended = TakenBack = 0;

    /// <summary>To be called when everything in the journal is on its way.</summary>
    /// <returns>Whether there was something left to do.</returns>
    public bool Continue()
    {
        for (var bytes = 0; bytes < MaxAwaitedBytes && _awaited < MaxAwaited && _keys.TryDequeue(out var next); _awaited++)
        {
            var exists = node.Data.Table.TryGet(next.Key, node.Data.Table.Hash(next.Key), out var mine);
            if (next.Theirs > node.Data.PurgedThrough && (!exists || next.Theirs > mine.Version))
                AskForHeld(next.Key);
            else
                bytes += Mend(next.Key, exists, mine);
        }
        return _awaited > 0;
    }

    /// <summary>What the replica holds of a key, newer than what is held here.</summary>
    public bool OnHeld(ref RespCursor reply)
    {
        if (!reply.TryArray(out var count) || count != 4 || !reply.TryBulk(out var key, out _)
            || !reply.TryBulk(out var value, out var isNull) || !reply.TryUnsigned(out var version) || !reply.TryInteger(out _))
            return false;
        Answered();
        var record = new Record(isNull ? RecordKind.Tombstone : RecordKind.Put, new Version(version), key, value);
        if (key.IsEmpty || record.Version <= node.Data.PurgedThrough || !node.Data.IsNews(record)
            || !node.Journal.HasRoomFor(record, RecordUse.Upkeep))
            return true;
        node.Commit(record);
        node.CloseClusterSessions(); // they must look again at what is here
        TakenBack++;
        return true;
    }

    public bool OnMended(ref RespCursor reply)
    {
        if (!reply.TryInteger(out _))
            return false;
        Answered();
        Mended++;
        return true;
    }

    private void Answered()
    {
        feed.Answered();
        _awaited--;
    }

    private void AskForHeld(byte[] key)
    {
        var output = feed.Ask(FeedVerb.Held);
        RespWriter.Array(output, 2);
        RespWriter.Bulk(output, "GET"u8);
        RespWriter.Bulk(output, key);
    }

    /// <returns>About how many bytes were sent.</returns>
    private int Mend(byte[] key, bool exists, in Entry mine)
    {
        var output = feed.Ask(FeedVerb.Mend);
        RespWriter.Array(output, 6);
        RespWriter.Bulk(output, "MEND"u8);
        RespWriter.Bulk(output, key);
        RespWriter.Bulk(output, mine.Value);
        RespWriter.Bulk(output, mine.Version.Value);
        RespWriter.Bulk(output, !exists ? "NOTHING"u8 : mine.IsTombstone ? "TOMBSTONE"u8 : "VALUE"u8);
        RespWriter.Bulk(output, node.EndLsn);
        return key.Length + mine.Value.Length;
    }
}
