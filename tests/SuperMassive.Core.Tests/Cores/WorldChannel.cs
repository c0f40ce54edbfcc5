namespace SuperMassive.Core.Tests.Cores;

/// <summary>
/// One end of a connection in a <see cref="CoreWorld"/>: what it sends arrives at the far end unless the world holds it back.
/// </summary>
internal sealed class WorldChannel(WorldProcess process, string peer, bool gated) : Channel(peer, 256, gated)
{
    private readonly List<byte> _arrived = [];
    private bool _isClosing;

    public WorldProcess Process => process;

    public WorldChannel? Far { get; set; }

    public bool IsOpen { get; set; } = true;

    /// <summary>What was written and not sent yet.</summary>
    public int BufferedBytes => Buffer.PendingBytes;

    public override bool IsReadingPaused { get; set; }

    private bool IsHeld => process.World.IsHeld(process.Name, Far!.Process.Name);

    public override void Close() => _isClosing = true;

    public override void Abort()
    {
        if (!IsOpen)
            return;
        IsOpen = false;
        Far?.Lose("reset by peer");
    }

    /// <summary>The connection is gone without this end having asked for it.</summary>
    public void Lose(string reason)
    {
        if (!IsOpen)
            return;
        IsOpen = false;
        process.Post(core => core.Closed(this, reason));
    }

    /// <summary>Hands over what arrived; within the process's batch.</summary>
    public bool Deliver(IStateMachine core)
    {
        if (!IsOpen || _isClosing || IsReadingPaused || _arrived.Count == 0)
            return false;
        var consumed = core.Received(this, _arrived.ToArray());
        _arrived.RemoveRange(0, consumed);
        return consumed > 0;
    }

    /// <summary>Carries what may be sent to the far end; after the process's batch.</summary>
    public bool Flush()
    {
        ClearDirty();
        if (Far is null || !IsOpen || IsHeld)
            return false;
        var bytes = Buffer.Sendable;
        var any = !bytes.IsEmpty;
        if (any)
            Far._arrived.AddRange(process.World.Forged(process.Name, Far.Process.Name, bytes.ToArray()));
        Buffer.MarkSent(bytes.Length);
        if (!_isClosing)
            return any;
        IsOpen = false;
        Far.Process.Post(core => Far.End(core));
        return true;
    }

    protected override void OnDirty()
    {
    }

    private void End(IStateMachine core)
    {
        Deliver(core);
        if (!IsOpen)
            return;
        IsOpen = false;
        core.Closed(this, "closed by peer");
    }
}
