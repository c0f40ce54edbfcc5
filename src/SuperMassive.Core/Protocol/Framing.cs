namespace SuperMassive.Core.Protocol;

/// <summary>How a command is laid out on the wire; its reply takes the same. Told apart per command by the first byte.</summary>
public enum Framing : byte
{
    /// <summary>A verb and arguments separated by single spaces, ended by CRLF.</summary>
    Line,

    /// <summary>An array of length-prefixed strings (<c>*2\r\n$3\r\nGET\r\n…</c>): keys and values may hold any byte.</summary>
    Resp,
}

/// <summary>Which process's port a command arrived at.</summary>
public enum Port : byte
{
    Cluster,
    Node,
    Replica,
}
