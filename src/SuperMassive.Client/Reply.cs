using System.Text;

namespace SuperMassive.Client;

internal enum ReplyKind : byte
{
    /// <summary><c>+OK …</c>; the text is in <see cref="Reply.Bytes"/>.</summary>
    Simple,

    /// <summary><c>-ERR …</c>; the text is in <see cref="Reply.Bytes"/>.</summary>
    Error,

    /// <summary><c>:12</c>; the digits are in <see cref="Reply.Bytes"/>.</summary>
    Integer,
    Bulk,
    Null,

    /// <summary>A flat array; the parts are in <see cref="Reply.Items"/>.</summary>
    Array,
}

/// <summary>One RESP reply. The bytes are a copy that the receiver owns.</summary>
internal readonly record struct Reply(ReplyKind Kind, byte[]? Bytes = null, Reply[]? Items = null)
{
    public string Text => Bytes is null ? "" : Encoding.UTF8.GetString(Bytes);
}
