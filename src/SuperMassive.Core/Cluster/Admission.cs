using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>
/// What stands between a node's JOIN and its being healthy: it learns every deletion that the others know, and they learn its. Only
/// then can no deleted key come back through it.
/// </summary>
internal sealed class Admission
{
    private const int PageEntries = 512;

    private readonly ClusterCore _core;
    private readonly JoinedNode _node;
    private readonly List<Shard> _sources = [];
    private readonly bool _isCatchUp;
    private ulong _cursor;
    private int _unacknowledged;
    private Version _newest;
    private bool _isListing;
    private bool _isMarked;

    public Admission(ClusterCore core, Shard shard, JoinedNode node)
    {
        _core = core;
        Shard = shard;
        _node = node;
    }

    /// <summary>Of a node that has been healthy all the time, but could not record what it was told.</summary>
    public Admission(ClusterCore core, Shard shard)
        : this(core, shard, new JoinedNode(shard.History, 0, Version.None, Version.None, Version.None, Entries: 1)) => _isCatchUp = true;

    public Shard Shard { get; }

    /// <summary>One at a time; replies to one that was given up mean nothing.</summary>
    private bool IsCurrent => _core.Members.CurrentAdmission == this;

    public void Begin()
    {
        Shard.MissesDeletions = false;
        _sources.Clear();
        _sources.Add(Shard);
        foreach (var other in _core.Members.Shards)
        {
            if (other.IsHealthy && other != Shard)
                _sources.Add(other);
        }
        // first of all: one that is told deletions and goes away would come back with data, and as one that had missed those before
        if (_node.Entries == 0)
            MarkKnown();
        Ask(0);
    }

    /// <summary>A page of tombstones of the shard now asked.</summary>
    public void Listed(ShardLink link, in LinkReply reply)
    {
        if (!IsCurrent || _sources.Count == 0 || _sources[0] != link.Shard)
            return;
        _isListing = false;
        if (reply.IsError || (reply.NextCursor != 0 && reply.NextCursor <= _cursor))
        {
            link.Distrust(reply.IsError ? "it refuses to list its deletions" : "a list of deletions that does not advance");
            return;
        }
        var page = reply;
        for (var i = 0; i < page.ListCount; i++)
        {
            var version = page.TakeVersion(out var key);
            Spread(link.Shard, key, version);
        }
        if (reply.NextCursor == 0)
            _sources.RemoveAt(0);
        Ask(reply.NextCursor);
    }

    public void Copied(ShardLink link, LinkRequestKind kind, in LinkReply reply)
    {
        _unacknowledged--;
        if (reply.IsError)
            Refused(link, kind);
        CompleteIfDone();
    }

    /// <summary>A shard was lost: what it was asked or told does not count; it will be admitted anew itself.</summary>
    public void ShardLost(Shard shard)
    {
        if (!IsCurrent || shard == Shard)
            return;
        var wasAsked = _sources.Count > 0 && _sources[0] == shard;
        _sources.Remove(shard);
        if (wasAsked)
        {
            _isListing = false;
            Ask(0);
        }
    }

    /// <summary>A copy will never be acknowledged, because its link is gone.</summary>
    public void CopyLost()
    {
        _unacknowledged--;
        CompleteIfDone();
    }

    private void Refused(ShardLink link, LinkRequestKind kind)
    {
        link.Shard.Missed();
        if (link.Shard != Shard || !IsCurrent)
            return;
        if (_isCatchUp)
            _core.Members.Abandon(this); // it begins again when the node says that it writes
        else if (kind == LinkRequestKind.Known)
            link.Drop("it cannot record which deletions it knows");
    }

    private void Ask(ulong cursor)
    {
        if (_sources.Count == 0)
        {
            MarkKnown();
            CompleteIfDone();
            return;
        }
        _isListing = true;
        _cursor = cursor;
        _sources[0].Primary.List(LinkRequestKind.Tombstones, this, cursor, PageEntries);
    }

    private void Spread(Shard from, ReadOnlySpan<byte> key, Version version)
    {
        if (version > _newest)
            _newest = version;
        var hash = _core.HashOf(key);
        if (from != Shard)
        {
            Copy(Shard, key, hash, version);
            return;
        }
        foreach (var other in _core.Members.Shards)
        {
            if (other.IsHealthy && other != Shard)
                Copy(other, key, hash, version);
        }
    }

    private void Copy(Shard to, ReadOnlySpan<byte> key, ulong hash, Version version)
    {
        to.Primary.CopyTombstone(this, key, hash, version);
        _unacknowledged++;
    }

    /// <summary>
    /// It has them all now, those included that were forgotten before it came: so it may be away and come back. An empty one has nothing
    /// that they could have deleted.
    /// </summary>
    private void MarkKnown()
    {
        var known = _core.Members.PurgedThrough;
        if (_isMarked || known == Version.None)
            return;
        _isMarked = true;
        _unacknowledged++;
        Shard.Primary.Known(this, known);
    }

    /// <summary>Deletions that only a primary knows which was not heard are not among those it was told.</summary>
    private bool KnowsDeletions() => _core.Purger.IsEmpty || Shard.KnownWhenLost == _core.Purger.SeenCount
        || _core.Members.Shards.TrueForAll(other => other.IsHealthy || other == Shard)
        || _core.Members.Shards.Exists(other => other.KnowsDeletions);

    private void CompleteIfDone()
    {
        if (_isListing || _sources.Count > 0 || _unacknowledged > 0 || !IsCurrent)
            return;
        Shard.KnowsDeletions = KnowsDeletions();
        _core.Purger.Seen(_newest);
        if (_node.Entries > 0)
            _core.Absent.Clear();
        _core.Members.Admitted(this);
        _core.Sweeper.Request(_node.Entries);
    }
}
