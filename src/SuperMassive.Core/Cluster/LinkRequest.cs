using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

internal enum LinkRequestKind : byte
{
    Ping,
    Join,
    Get,
    Put,
    Delete,
    Add,
    Drop,
    Known,
    Purge,
    Scan,
    Tombstones,
    Versions,

    /// <summary>A tombstone brought to a node that did not have it.</summary>
    CopyTombstone,
    Statistics,
    CheckSettings,
    ApplySettings,
}

/// <summary>A request under way on a link. Replies come in the order of requests; the key is checked all the same.</summary>
/// <param name="Operation">For whom, if it is part of a client's command.</param>
/// <param name="Admission">For whom, if it brings a node up to date.</param>
internal readonly record struct LinkRequest(LinkRequestKind Kind, Operation? Operation, Admission? Admission, ulong KeyHash, long SentMs);

/// <summary>One reply of a node or a replica, as far as its request's kind fills it.</summary>
internal ref struct LinkReply
{
    public bool IsError;

    /// <summary>The error without ERR, a simple string, or the bulk string of STAT.</summary>
    public ReadOnlySpan<byte> Text;

    public ReadOnlySpan<byte> Key;

    /// <summary>Whether the node answered with a value: false for none, for a tombstone, and for replies that carry a number.</summary>
    public bool HasValue;
    public ReadOnlySpan<byte> Value;

    /// <summary>1 or 0: whether PUT, DEL or DROP changed anything live. Of SCAN: 2 still walking, 1 more pages follow, 0 the end.</summary>
    public long Number;

    /// <summary>The version the node now holds for the key; zero when none.</summary>
    public Version Version;
    public long Lsn;

    /// <summary>Of JOIN: what the peer said of itself, unless it obeys a higher epoch.</summary>
    public JoinedNode? Node;
    public long StaleEpoch;

    /// <summary>Of TOMBSTONES and VERSIONS: where the next page begins; 0 after the last.</summary>
    public ulong NextCursor;

    /// <summary>
    /// Of SCAN, TOMBSTONES and VERSIONS: positioned at the first entry, and how many there are. They have the right form.
    /// </summary>
    public RespCursor List;
    public int ListCount;

    /// <summary>Takes the next entry of TOMBSTONES or VERSIONS off.</summary>
    public Version TakeVersion(out ReadOnlySpan<byte> key)
    {
        List.TryBulk(out key, out _);
        List.TryUnsigned(out var version);
        return new Version(version);
    }
}

/// <summary>What a node or a replica said of itself when it was joined.</summary>
/// <param name="KnownThrough">Every deletion up to here has reached it.</param>
/// <param name="Entries">Live keys and tombstones.</param>
internal readonly record struct JoinedNode(
    string History, long Lsn, Version Highest, Version PurgedThrough, Version KnownThrough, long Entries);
