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

    /// <summary>1 or 0: whether PUT, DEL or DROP changed anything live.</summary>
    public long Number;

    /// <summary>The version the node now holds for the key; zero when none.</summary>
    public Version Version;
    public long Lsn;

    /// <summary>Of a list reply: positioned at its first element.</summary>
    public RespCursor List;
    public int ListCount;
}
