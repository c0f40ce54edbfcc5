using SuperMassive.Core.Protocol;

namespace SuperMassive.Cli.Bench;

internal enum BenchCommandKind : byte
{
    Auth,
    Get,
    Put,
    Delete,
    Increment,
}

internal enum ReplyKind : byte
{
    /// <summary>Success that carries nothing.</summary>
    Done,

    /// <summary>GET's value.</summary>
    Value,

    /// <summary>INCR's result.</summary>
    Number,

    /// <summary>There is no such key.</summary>
    Missing,

    /// <summary>The server says that it failed, and how.</summary>
    Error,

    /// <summary>Whole, but nothing that answers this command.</summary>
    Unexpected,
}

/// <summary>One reply; <see cref="Body"/> is valid until the next bytes arrive.</summary>
internal readonly ref struct WireReply(ReplyKind kind, ReadOnlySpan<byte> body, long number = 0)
{
    public ReplyKind Kind { get; } = kind;

    /// <summary>The value; else the reply as it came, for messages.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    public long Number { get; } = number;
}

/// <summary>A framing: writes commands, reads their replies. Pure and shared by all connections.</summary>
internal abstract class Wire
{
    /// <summary>What <see cref="Read"/> answers when nothing behind can be understood any more.</summary>
    public const int Lost = -1;

    public static Wire Of(WireProtocol protocol) => protocol == WireProtocol.Line ? new LineWire() : new RespWire();

    public abstract void WriteAuth(OutputBuffer output, string username, string password);

    public abstract void WriteGet(OutputBuffer output, ReadOnlySpan<byte> key);

    /// <returns>Where the value is to be written, before anything else is.</returns>
    public abstract Span<byte> WritePut(OutputBuffer output, ReadOnlySpan<byte> key, int valueBytes);

    public abstract void WriteDelete(OutputBuffer output, ReadOnlySpan<byte> key);

    public abstract void WriteIncrement(OutputBuffer output, ReadOnlySpan<byte> key);

    /// <returns>How many bytes the first reply took; 0 when it is not whole yet, or <see cref="Lost"/>.</returns>
    public abstract int Read(ReadOnlySpan<byte> bytes, BenchCommandKind command, ReadOnlySpan<byte> key, out WireReply reply);
}
