using SuperMassive.Core;

namespace SuperMassive.Benchmarks;

/// <summary>
/// One end of a connection between cores of one thread. Each core reads straight from the other end's output, so that carrying bytes
/// costs neither a copy nor an allocation that would be taken for the core's.
/// </summary>
internal sealed class RigChannel(IStateMachine core, string peer, bool gated) : Channel(peer, 64 << 10, gated)
{
    public RigChannel? Far { get; set; }

    public override bool IsReadingPaused { get; set; }

    /// <summary>What the far end may read now.</summary>
    public ReadOnlySpan<byte> Sendable => Buffer.Sendable;

    public static (RigChannel Near, RigChannel Far) Connect(IStateMachine near, IStateMachine far, string peer, bool gatesFar)
    {
        var one = new RigChannel(near, peer, gated: false);
        var other = new RigChannel(far, "peer", gatesFar) { Far = one };
        one.Far = other;
        return (one, other);
    }

    /// <summary>Hands the core what the far end has sent; within the core's batch.</summary>
    /// <returns>Whether it took any of it.</returns>
    public bool Deliver()
    {
        var bytes = Far!.Sendable;
        if (bytes.IsEmpty || IsReadingPaused)
            return false;
        var consumed = core.Received(this, bytes);
        Far.Take(consumed);
        return consumed > 0;
    }

    /// <summary>The far end has read so much.</summary>
    public void Take(int count)
    {
        ClearDirty();
        Buffer.MarkSent(count);
    }

    public override void Close() => throw Ended();

    public override void Abort() => throw Ended();

    protected override void OnDirty()
    {
    }

    private InvalidOperationException Ended() => new($"the core ended the connection to {Peer}, which no benchmark asks for");
}
