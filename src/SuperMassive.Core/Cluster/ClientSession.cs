using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>
/// One client's connection. Its commands are answered in the order in which they came, whichever finishes first: each holds a place in
/// line, and what finished early waits there.
/// </summary>
internal sealed class ClientSession
{
    private Operation[] _line = new Operation[8];
    private int _head;

    public ClientSession(Channel channel, Limits limits, long nowMs)
    {
        Channel = channel;
        Reader = new CommandReader(Port.Cluster, limits);
        DeadlineMs = nowMs + limits.UnauthenticatedMs;
    }

    public Channel Channel { get; }

    public CommandReader Reader { get; }

    public bool IsAuthenticated => Reader.IsAuthenticated;

    public bool IsClosed { get; set; }

    /// <summary>QUIT was asked: nothing after it counts.</summary>
    public bool IsQuitting { get; set; }

    /// <summary>Reading is paused until nothing is pending.</summary>
    public bool AwaitsEmpty { get; set; }

    /// <summary>When it must have authenticated, or finished the command it began; monotonic.</summary>
    public long DeadlineMs { get; set; }

    /// <summary>
    /// How large this client's replies have lately been, at the most: assumed large until some were seen. Times
    /// <see cref="Pending"/>, what it may still make this process hold for it.
    /// </summary>
    public long ReplyBytes { get; private set; } = 1 << 20;

    /// <summary>Bytes that wait for the client to take them, and those that its pending commands may add.</summary>
    public long OwedBytes => Channel.Output.PendingBytes + Pending * ReplyBytes;

    public void Replied(long bytes) => ReplyBytes = Math.Max(bytes, ReplyBytes - (ReplyBytes >> 3));

    /// <summary>Commands without an answer yet.</summary>
    public int Pending { get; private set; }

    public void Enqueue(Operation operation)
    {
        if (Pending == _line.Length)
            Grow();
        _line[(_head + Pending) & (_line.Length - 1)] = operation;
        Pending++;
    }

    public bool IsNext(Operation operation) => Pending > 0 && _line[_head] == operation;

    /// <summary>
    /// Whether this connection sent a write of the same key after this read, and it was given a version up to <paramref name="through"/>.
    /// </summary>
    /// <remarks>A walk along the line: only for when things fail.</remarks>
    public bool HasLaterWrite(Operation read, Version through)
    {
        var isLater = false;
        for (var i = 0; i < Pending; i++)
        {
            var operation = _line[(_head + i) & (_line.Length - 1)];
            if (isLater && operation.Hash == read.Hash && operation.IsWrite
                && operation.Version != Version.None && operation.Version <= through)
                return true;
            isLater |= operation == read;
        }
        return false;
    }

    /// <summary>
    /// A read found something else than it was sent for. Reads that this connection sent after it may have been sent for what is older:
    /// they show the same, as they would if they had been sent one by one.
    /// </summary>
    /// <remarks>A walk along the line: only for when writes come in between.</remarks>
    public void ShowLaterReads(Operation read, ReadOnlySpan<byte> found)
    {
        var isLater = false;
        for (var i = 0; i < Pending; i++)
        {
            var operation = _line[(_head + i) & (_line.Length - 1)];
            if (isLater && operation.Kind == OperationKind.Get && operation.Hash == read.Hash && operation.Best < read.Best
                && operation.Key.SequenceEqual(read.Key))
                operation.ShowInstead(read, found);
            isLater |= operation == read;
        }
    }

    /// <summary>The next one to be answered, if it is finished.</summary>
    public bool TryPeekAnswered(out Operation operation)
    {
        operation = _line[_head];
        return Pending > 0 && operation.IsAnswered;
    }

    public Operation Peek() => _line[_head];

    public void Dequeue()
    {
        _line[_head] = null!;
        _head = (_head + 1) & (_line.Length - 1);
        Pending--;
    }

    private void Grow()
    {
        var grown = new Operation[_line.Length * 2];
        for (var i = 0; i < Pending; i++)
            grown[i] = _line[(_head + i) & (_line.Length - 1)];
        _line = grown;
        _head = 0;
    }
}
