using System.Text;
using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>
/// REGX: merges the sorted pages of all primaries, newest version first and tombstones hiding, then applies offset and limit. Not a
/// snapshot: what is written meanwhile may or may not be seen.
/// </summary>
internal sealed class Scans(ClusterCore core)
{
    private const int StillWalking = 2;

    private readonly List<Operation> _running = [];
    private readonly PatternCache _patterns = new();
    private long _lastId;

    /// <summary>The number of the scan that began last.</summary>
    public long Youngest { get; private set; }

    /// <summary>The number of the one that began first of those under way; beyond all numbers when there is none.</summary>
    public long Oldest => _running.Count > 0 ? ScanOf(_running[0]).Number : long.MaxValue;

    /// <summary>Whether one that began up to <paramref name="youngest"/> may still meet a key on this shard.</summary>
    public bool HasYetToPass(Shard shard, ReadOnlySpan<byte> key, long youngest)
    {
        foreach (var operation in _running)
        {
            var scan = ScanOf(operation);
            if (scan.Number <= youngest && scan.HasYetToPass(shard, key))
                return true;
        }
        return false;
    }

    /// <summary>The oldest one keeps too much waiting.</summary>
    public void GiveUpOldest(ReadOnlySpan<byte> why) => Fail(_running[0], why);

    public void Run(Operation operation, long offset, long limit)
    {
        if (!_patterns.TryGet(operation.Key, core.Settings.Limits.PatternBytes, out _, out var error))
        {
            core.Complete(operation, Outcome.Error, Encoding.UTF8.GetBytes(error));
            return;
        }
        var scan = new Scan { Number = Youngest + 1, Offset = offset, Limit = limit };
        foreach (var shard in core.Members.Shards)
            scan.Streams.Add(new ScanStream(shard));
        if (scan.Streams.Count == 0 || !scan.Streams.Exists(stream => stream.Shard.IsHealthy || stream.Shard.ReadyReplica() is not null))
        {
            core.Complete(operation, Outcome.Error, "no primary nodes available"u8);
            return;
        }
        Youngest = scan.Number;
        operation.Flow = scan;
        operation.StartedMs = core.NowMs;
        _running.Add(operation);
        core.WideReads.Began(operation);
        foreach (var stream in scan.Streams)
        {
            if (operation.Flow == scan)
                Ask(operation, scan, stream);
        }
        Advance(operation, scan);
    }

    public void Replied(Operation operation, ShardLink link, in LinkReply reply)
    {
        if (operation.Flow is not Scan scan || scan.Streams.Find(s => s.Link == link) is not { } stream)
            return;
        stream.Link = null;
        if (operation.Session is null)
        {
            Fail(operation, "the client left"u8); // copies wait for scans: nobody's should go on
            return;
        }
        if (reply.IsError)
        {
            Fail(operation, Encoding.UTF8.GetBytes(Links.PeerText.Of(reply.Text)));
            return;
        }
        if (core.NowMs - operation.StartedMs > core.Settings.ScanTimeoutMs)
        {
            Fail(operation, Encoding.ASCII.GetBytes($"REGX took longer than {core.Settings.ScanTimeoutMs} ms"));
            return;
        }
        if (link.IsReplica && reply.Lsn < stream.Shard.AckedLsn)
        {
            Ask(operation, scan, stream, after: link);
            Advance(operation, scan);
            return;
        }
        if (reply.Number == StillWalking)
        {
            Continue(operation, stream, link);
            return;
        }
        if (!stream.TryFill(reply, isLast: reply.Number == 0))
        {
            link.Distrust("a page of SCAN that is empty or out of order");
            Ask(operation, scan, stream);
        }
        Advance(operation, scan);
    }

    public void Lost(Operation operation, ShardLink link)
    {
        if (operation.Flow is not Scan scan || scan.Streams.Find(s => s.Link == link) is not { } stream)
            return;
        stream.Link = null;
        Ask(operation, scan, stream);
        Advance(operation, scan);
    }

    private void Ask(Operation operation, Scan scan, ScanStream stream, ShardLink? after = null)
    {
        var link = stream.Shard.IsHealthy ? stream.Shard.Primary : stream.Shard.ReadyReplica(after);
        if (link is null)
        {
            Unheard(operation, scan, stream);
            return;
        }
        stream.Id = ++_lastId;
        stream.PageEntries = scan.NextPageEntries(stream);
        Continue(operation, stream, link);
    }

    private static void Continue(Operation operation, ScanStream stream, ShardLink link)
    {
        stream.Link = link;
        link.Scan(operation, stream.Id, operation.Key, stream.After, stream.PageEntries);
    }

    private void Unheard(Operation operation, Scan scan, ScanStream stream)
    {
        if (core.Settings.ReadMode == ReadMode.Consistent)
        {
            Fail(operation, "key-value unavailable"u8);
            return;
        }
        stream.End();
        Advance(operation, scan);
    }

    private void Fail(Operation operation, ReadOnlySpan<byte> why)
    {
        Leave(operation);
        core.Complete(operation, Outcome.Error, why);
    }

    /// <summary>Takes the smallest keys as long as every stream has one to show or has ended.</summary>
    private void Advance(Operation operation, Scan scan)
    {
        while (operation.Flow == scan)
        {
            foreach (var stream in scan.Streams)
            {
                if (!stream.NeedsPage)
                    continue;
                if (stream.Link is null)
                    Ask(operation, scan, stream);
                return; // its page comes, or it ended or failed and this was called again
            }
            if (scan.IsFull || !scan.TryTake())
            {
                Finish(operation, scan);
                return;
            }
            if (scan.Result.WrittenCount > core.Settings.Limits.OutputBytes)
            {
                Fail(operation,
                    Encoding.ASCII.GetBytes($"reply over the limit of {core.Settings.Limits.OutputBytes} bytes: use offset and limit"));
                return;
            }
        }
    }

    /// <summary>It is over, however it ended: what waited for it may be dropped and forgotten.</summary>
    private void Leave(Operation operation)
    {
        operation.Flow = null;
        _running.Remove(operation);
        core.WideReads.Ended(operation);
    }

    private static Scan ScanOf(Operation operation) => (Scan)operation.Flow!;

    private void Finish(Operation operation, Scan scan)
    {
        Leave(operation);
        if (scan.Count == 0 && operation.Framing == Framing.Line)
        {
            core.Complete(operation, Outcome.Error, "no keys found"u8);
            return;
        }
        var reply = new OutputBuffer(scan.Result.WrittenCount + 64);
        ReplyWriter.PairsBegin(reply, operation.Framing, scan.Count);
        var rest = scan.Result.WrittenSpan;
        for (var i = 0; i < scan.Count; i++)
        {
            var key = Scan.Next(ref rest);
            var value = Scan.Next(ref rest);
            if (operation.Framing == Framing.Line && !(ReplyWriter.FitsLine(key) && ReplyWriter.FitsLine(value)))
            {
                core.Complete(operation, Outcome.Error,
                    Encoding.ASCII.GetBytes($"key or value of {Links.PeerText.Of(key)} holds a line break: read it by RESP"));
                return;
            }
            ReplyWriter.Pair(reply, operation.Framing, i == 0, key, value);
        }
        ReplyWriter.PairsEnd(reply, operation.Framing);
        core.Complete(operation, Outcome.Raw, reply.Sendable);
    }
}
