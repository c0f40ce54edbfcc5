namespace SuperMassive.Server.Loop.Memory;

/// <summary>
/// One end of a connection within a loop. Nothing is copied: each machine reads from the other end's output buffer, and what
/// it does not consume stays there.
/// </summary>
/// <remarks>
/// That is safe because machines are called one at a time, so nobody writes to a buffer while it is read; a machine must not
/// write to the far end of its own connection from within <see cref="Core.IStateMachine.Received"/>.
/// </remarks>
internal sealed class MemoryChannel : LoopChannel
{
    private MemoryChannel? _far;

    /// <summary>Bytes of this end's output that the far machine was shown and left unconsumed.</summary>
    private int _seenBytes;

    private bool _isFarReset;

    private MemoryChannel(ChannelPlan plan)
        : base(plan)
    {
    }

    private bool HasUnseen => Buffer.Sendable.Length > _seenBytes;

    /// <param name="listener">Null: nobody listens under that name.</param>
    public static MemoryChannel Connect(ChannelPlan plan, MemoryListener? listener)
    {
        var near = new MemoryChannel(plan);
        if (listener is not null && listener.TryAdmit(plan.Peer, out var accepted))
        {
            var far = new MemoryChannel(accepted) { _far = near };
            near._far = far;
            plan.Loop.Schedule(far);
        }
        plan.Loop.Schedule(near);
        return near;
    }

    protected override void OnScheduled()
    {
        if (State == ChannelState.Connecting && !TryOpen())
            return;
        if (State != ChannelState.Open)
            return;
        if (_isFarReset)
            Lose(Reasons.Reset);
        else if (!IsHeld)
            Read(_far!);
    }

    /// <summary>Lets the far end read in the next round. What is sent stays readable after this end has closed.</summary>
    protected override void Send()
    {
        var far = _far!;
        if (far.State is ChannelState.Connecting or ChannelState.Open)
            Loop.Schedule(far);
        else
            Discard();
        AfterSend(progressed: false, State == ChannelState.Open && HasUnseen);
    }

    protected override void OnClosing() => _far!.Discard();

    protected override bool EndSending() => false;

    protected override void Release(bool reset)
    {
        if (_far is not { } far)
            return;
        far._isFarReset |= reset;
        far.Discard();
        Loop.Schedule(far);
    }

    private bool TryOpen()
    {
        if (_far is not null && !_isFarReset)
            BecomeOpen();
        else if (Target is not null)
            Lose(Reasons.Refused);
        else
            Finish(reset: false);
        return State == ChannelState.Open;
    }

    private void Read(MemoryChannel far)
    {
        var bytes = far.Buffer.Sendable;
        if (!bytes.IsEmpty)
        {
            var consumed = Deliver(bytes);
            far.Buffer.MarkSent(Math.Min(consumed, far.Buffer.Sendable.Length));
            far._seenBytes = State == ChannelState.Open ? bytes.Length - consumed : 0;
            far.OnTaken();
        }
        if (State == ChannelState.Open && !IsHeld && far.State == ChannelState.Closed)
            EndInput();
    }

    /// <summary>This end's output was looked at.</summary>
    private void OnTaken()
    {
        if (State == ChannelState.Open)
            AfterSend(progressed: true, HasUnseen);
    }

    /// <summary>Nobody reads this end's output any more; it goes where a socket's would, and blocks nobody.</summary>
    private void Discard()
    {
        Buffer.MarkSent(Buffer.Sendable.Length);
        _seenBytes = 0;
        OnTaken();
    }
}
