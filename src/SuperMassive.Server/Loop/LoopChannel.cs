using SuperMassive.Core;

namespace SuperMassive.Server.Loop;

internal enum ChannelState
{
    /// <summary>Not connected yet, or in its TLS handshake. The core may write already.</summary>
    Connecting,
    Open,

    /// <summary>What was released is still being sent; what arrives is thrown away.</summary>
    Closing,

    /// <summary>
    /// All is sent and the peer was told so. Its last bytes are awaited, because closing over them would reset the connection.
    /// </summary>
    Draining,
    Closed,
}

/// <summary>
/// What all channels of a loop have in common: who is told what and when, back-pressure, deadlines. How bytes travel is left
/// to the transports. Everything here runs on the loop's thread.
/// </summary>
internal abstract class LoopChannel : Channel, ITimed
{
    /// <summary>How long a closed channel may take to hand over its last bytes without getting on.</summary>
    private const int LingerMs = 5_000;

    private readonly ChannelPlan _plan;
    private bool _isPaused;
    private bool _isOutputFull;
    private bool _isFlushQueued;
    private bool _isScheduled;
    private bool _isDelivering;

    /// <summary>Whether the machine is to hear no more of this channel.</summary>
    private bool _isMute;

    /// <summary>Mutable struct: the transports read into it directly.</summary>
    protected InputBuffer Input;

    protected LoopChannel(ChannelPlan plan)
        : base(plan.Peer, plan.BufferBytes, plan.Gated)
    {
        _plan = plan;
        _isMute = plan.Refusal is not null;
        Loop.Remember(this);
    }

    public ChannelState State { get; private set; } = ChannelState.Connecting;

    protected EventLoop Loop => _plan.Loop;

    protected PeerAddress? Target => _plan.Target;

    /// <summary>Whether the machine is handed nothing for now: it asked for that, or too much waits to be sent.</summary>
    protected bool IsHeld => _isPaused || _isOutputFull;

    int ITimed.DeadlineSlot { get; set; }

    long ITimed.DeadlineMs { get; set; }

    private bool HasDeadline => ((ITimed)this).DeadlineSlot != 0;

    public sealed override bool IsReadingPaused
    {
        get => _isPaused;
        set
        {
            if (_isPaused && !value)
                Loop.Schedule(this);
            _isPaused = value;
        }
    }

    public sealed override void Close()
    {
        _isMute = true;
        if (State == ChannelState.Connecting)
            Finish(reset: true);
        else if (State == ChannelState.Open)
            BeginClosing();
    }

    public sealed override void Abort()
    {
        _isMute = true;
        Finish(reset: true);
    }

    /// <summary>Sends once; called by the loop after the batch.</summary>
    public void Flush()
    {
        _isFlushQueued = false;
        ClearDirty();
        if (State is ChannelState.Open or ChannelState.Closing)
            Send();
    }

    /// <summary>Does within a batch what could not be done when it was asked for.</summary>
    public void RunScheduled()
    {
        _isScheduled = false;
        if (State != ChannelState.Closed)
            OnScheduled();
    }

    /// <returns>Whether the channel was not queued to be run yet.</returns>
    public bool MarkScheduled() => !_isScheduled && (_isScheduled = true);

    void ITimed.OnDeadline()
    {
        switch (State)
        {
            case ChannelState.Connecting:
                Lose(Target is null ? Reasons.HandshakeTimeout : Reasons.ConnectTimeout);
                break;
            case ChannelState.Open:
                Lose(Reasons.WriteTimeout);
                break;
            default:
                Finish(reset: true);
                break;
        }
    }

    /// <summary>The loop ends: what was released is still sent, the machine is told nothing.</summary>
    public void Shut()
    {
        if (State is ChannelState.Connecting or ChannelState.Open)
            Close();
    }

    /// <summary>Lets go of everything at once.</summary>
    public void Drop(bool reset)
    {
        _isMute = true;
        Finish(reset);
    }

    /// <summary>Sends what it can without waiting, then calls <see cref="AfterSend"/>.</summary>
    protected abstract void Send();

    /// <summary>Something was put off: reading on after a pause, first of all.</summary>
    protected abstract void OnScheduled();

    /// <summary>The core closed the channel; from now on what arrives is to be thrown away.</summary>
    protected abstract void OnClosing();

    /// <summary>Tells the peer that nothing more will come.</summary>
    /// <returns>Whether the peer's end is still to be awaited.</returns>
    protected abstract bool EndSending();

    /// <summary>Gives back what the transport holds.</summary>
    protected abstract void Release(bool reset);

    protected sealed override void OnDirty() => QueueFlush();

    protected void QueueFlush()
    {
        if (_isFlushQueued)
            return;
        _isFlushQueued = true;
        Loop.QueueFlush(this);
    }

    /// <summary>The transport is ready: tells the machine, or turns the peer away.</summary>
    protected void BecomeOpen()
    {
        State = ChannelState.Open;
        Loop.Deadlines.Clear(this);
        if (_plan.Refusal is { } refusal)
        {
            Buffer.Write(refusal);
            Buffer.Release(Buffer.Written);
            BeginClosing();
            return;
        }
        QueueFlush();
        _plan.Host.Begin();
        try
        {
            if (Target is null)
                _plan.Host.Machine.Accepted(this);
            else
                _plan.Host.Machine.Opened(this);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    /// <returns>How many bytes the machine consumed; all of them when it failed.</returns>
    protected int Deliver(ReadOnlySpan<byte> bytes)
    {
        _plan.Host.Begin();
        _isDelivering = true;
        try
        {
            var consumed = _plan.Host.Machine.Received(this, bytes);
            if ((uint)consumed > (uint)bytes.Length)
                throw new InvalidOperationException($"{consumed} of {bytes.Length} bytes were consumed");
            Loop.DeliveredBytes += consumed;
            return consumed;
        }
        catch (Exception e)
        {
            Fail(e);
            return bytes.Length;
        }
        finally
        {
            _isDelivering = false;
        }
    }

    /// <summary>Hands over what is left from before, and keeps what is not consumed of it.</summary>
    protected void DeliverInput()
    {
        var consumed = Deliver(Input.Unread);
        if (State == ChannelState.Open)
            Input.Consume(consumed);
        else
            Input.Free();
    }

    /// <summary>The peer has sent its last byte.</summary>
    /// <returns>Whether the channel stays open until the core has answered what it owes.</returns>
    protected bool EndInput()
    {
        _plan.Host.Begin();
        var stays = false;
        try
        {
            stays = _plan.Host.Machine.Ended(this);
        }
        catch (Exception e)
        {
            Fail(e);
        }
        if (State != ChannelState.Open || stays)
            return State == ChannelState.Open;
        BeginClosing();
        Report(Reasons.ClosedByPeer);
        return false;
    }

    /// <summary>To be called after each attempt to send.</summary>
    /// <param name="progressed">Whether the peer, or the system for it, took any bytes.</param>
    /// <param name="isBlocked">Whether bytes that may be sent were left.</param>
    protected void AfterSend(bool progressed, bool isBlocked)
    {
        if (State == ChannelState.Closing)
        {
            if (!isBlocked)
                BeginDraining();
            else if (progressed)
                SetDeadline(LingerMs);
            return;
        }
        if (Target is { WriteTimeoutMs: > 0 } target)
        {
            if (!isBlocked)
                Loop.Deadlines.Clear(this);
            else if (progressed || !HasDeadline)
                SetDeadline(target.WriteTimeoutMs);
        }
        HoldWhenFull();
    }

    protected void SetDeadline(int inMs) => Loop.Deadlines.Set(this, Loop.MonotonicMs + inMs);

    /// <summary>The channel cannot be used any more: tells the machine, unless it closed the channel itself.</summary>
    protected void Lose(string reason)
    {
        if (State == ChannelState.Closed)
            return;
        var wasAccepted = Target is not null || State == ChannelState.Open;
        Finish(reset: true);
        if (wasAccepted)
            Report(reason);
        else if (!_isMute)
            Log.HandshakeFailed(Loop.Logger, Peer, reason);
    }

    protected void Finish(bool reset)
    {
        if (State == ChannelState.Closed)
            return;
        State = ChannelState.Closed;
        Loop.Deadlines.Clear(this);
        // during a delivery the machine still reads from the buffer; it is freed right after
        if (!_isDelivering)
            Input.Free();
        Release(reset);
        Loop.Forget(this);
        _plan.Listener?.Left(_plan.Refusal is not null);
    }

    private void BeginClosing()
    {
        State = ChannelState.Closing;
        SetDeadline(LingerMs);
        if (!_isDelivering)
            Input.Free();
        OnClosing();
        QueueFlush();
    }

    private void BeginDraining()
    {
        State = ChannelState.Draining;
        SetDeadline(LingerMs);
        if (!EndSending())
            Finish(reset: false);
    }

    private void HoldWhenFull()
    {
        var pendingBytes = Buffer.PendingBytes;
        if (!_isOutputFull)
        {
            _isOutputFull = pendingBytes > _plan.Limits.OutputBytes;
            return;
        }
        if (pendingBytes > _plan.Limits.OutputBytes / 2)
            return;
        _isOutputFull = false;
        Loop.Schedule(this);
    }

    /// <summary>The machine threw, which is a bug: this channel goes, everyone else stays.</summary>
    private void Fail(Exception exception)
    {
        Log.InputFailed(Loop.Logger, exception, Peer);
        Finish(reset: true);
        Report(Reasons.InternalError);
    }

    /// <summary>The one place where the machine hears of a loss.</summary>
    private void Report(string reason)
    {
        if (_isMute)
            return;
        _isMute = true;
        _plan.Host.Begin();
        try
        {
            _plan.Host.Machine.Closed(this, reason);
        }
        catch (Exception e)
        {
            Log.InputFailed(Loop.Logger, e, Peer);
        }
    }
}
