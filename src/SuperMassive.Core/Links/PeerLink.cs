namespace SuperMassive.Core.Links;

/// <summary>
/// An outbound connection that is kept up: dialled, authenticated, watched and, after a loss, dialled again with back-off.
/// What is said over it is the derived class's business.
/// </summary>
/// <remarks>
/// A link never outlives a doubt: whatever cannot be explained (a malformed reply, a reply that is late, a reply for another key)
/// ends the connection, so that no answer can ever be taken for the answer to something else.
/// </remarks>
internal abstract class PeerLink
{
    private enum State : byte
    {
        Waiting,
        Connecting,
        Handshaking,
        Ready,
        Stopped,
    }

    private readonly DialerHandshake _handshake;
    private readonly Backoff _backoff;
    private State _state;
    private long _dueMs;
    private long _lastActivityMs;
    private string _violation = "";
    private long _timesReady;

    protected PeerLink(IEffects effects, PeerAddress peer, byte[] sharedKey, PeerRole role)
    {
        Effects = effects;
        Peer = peer;
        _handshake = new DialerHandshake(sharedKey, role);
        _backoff = new Backoff(effects);
    }

    public PeerAddress Peer { get; private set; }

    /// <summary>Why the link is not up, or why it was down last.</summary>
    public string DownReason { get; private set; } = "not connected yet";

    /// <summary>Whether the peer was tried and either answered or failed to, since the process began.</summary>
    public bool WasTried { get; private set; }

    /// <summary>An idle link is pinged this often, and a peer long gone is tried this often.</summary>
    public int HealthCheckIntervalMs { get; set; } = 2_000;

    /// <summary>How often it came up after the first time.</summary>
    public long Reconnects => Math.Max(_timesReady - 1, 0);

    protected IEffects Effects { get; }

    protected Channel? Channel { get; private set; }

    protected bool IsReady => _state == State.Ready;

    protected long NowMs { get; private set; }

    /// <summary>When the oldest request without an answer was sent, or null when none is under way.</summary>
    protected abstract long? OldestRequestMs { get; }

    /// <summary>Changes what is only used for the next connection and for timeouts; the address stays.</summary>
    public void Reconfigure(PeerAddress peer) => Peer = peer;

    public void Tick(long nowMs)
    {
        NowMs = nowMs;
        switch (_state)
        {
            case State.Waiting when nowMs >= _dueMs:
                Connect();
                break;
            case State.Connecting or State.Handshaking when nowMs >= _dueMs:
                Drop(_state == State.Connecting ? "connect timeout" : "no answer to the handshake");
                break;
            case State.Ready when OldestRequestMs is { } oldestMs && nowMs - oldestMs >= Peer.ReadTimeoutMs:
                Drop($"no reply for {Peer.ReadTimeoutMs} ms");
                break;
            case State.Ready when OldestRequestMs is null && nowMs - _lastActivityMs >= HealthCheckIntervalMs:
                _lastActivityMs = nowMs;
                SendPing();
                break;
        }
    }

    public void Opened()
    {
        _state = State.Handshaking;
        _dueMs = NowMs + Peer.ReadTimeoutMs;
        _handshake.Begin(Channel!.Output, Effects);
    }

    /// <returns>Bytes consumed.</returns>
    public int Received(ReadOnlySpan<byte> bytes)
    {
        _lastActivityMs = NowMs;
        var total = 0;
        while (total < bytes.Length && Channel is { } channel)
        {
            int consumed;
            if (_state == State.Ready)
                consumed = OnReply(bytes[total..]);
            else if (!Shake(bytes[total..], channel, out consumed))
                return bytes.Length;
            if (consumed < 0)
            {
                Drop(_violation);
                return bytes.Length;
            }
            if (consumed == 0)
                break;
            total += consumed;
        }
        return Channel is null ? bytes.Length : total;
    }

    /// <summary>The shell lost the connection.</summary>
    public void Lost(string reason)
    {
        Channel = null;
        Down(reason);
    }

    /// <summary>Ends the connection for a reason of ours and dials again later.</summary>
    /// <param name="isKnown">The operator has been told already.</param>
    public void Drop(string reason, bool isKnown = false)
    {
        var channel = Channel;
        Channel = null;
        channel?.Abort();
        Down(reason, isKnown);
    }

    /// <summary>Ends the connection for what will not pass by itself: it is only tried again as often as health is checked.</summary>
    protected void Refuse(CoreEvent what, string reason)
    {
        if (reason != DownReason)
            Effects.Report(what, Peer.Address, reason);
        Drop(reason, isKnown: true);
        _dueMs = NowMs + HealthCheckIntervalMs;
    }

    /// <summary>Ends the link for good.</summary>
    public void Stop(string reason)
    {
        var channel = Channel;
        Channel = null;
        channel?.Abort();
        var wasUp = _state == State.Ready;
        _state = State.Stopped;
        DownReason = reason;
        if (wasUp)
            OnLost(reason);
    }

    /// <summary>Both sides have proved themselves; the derived class begins its conversation.</summary>
    protected abstract void OnReady();

    /// <summary>Handles the replies that are complete.</summary>
    /// <returns>Bytes consumed (0: incomplete), or <see cref="Violation"/>.</returns>
    protected abstract int OnReply(ReadOnlySpan<byte> bytes);

    /// <summary>The conversation ended; everything that waited for a reply is lost.</summary>
    protected abstract void OnLost(string reason);

    protected abstract void SendPing();

    /// <summary>What <see cref="OnReply"/> returns when the peer said something it must not.</summary>
    protected int Violation(string what)
    {
        _violation = what;
        Effects.Report(CoreEvent.ProtocolViolation, Peer.Address, what);
        return -1;
    }

    private void Connect()
    {
        _state = State.Connecting;
        _dueMs = NowMs + Peer.ConnectTimeoutMs + 1_000; // the shell's own timeout comes first
        Channel = Effects.Connect(Peer);
        Channel.Owner = this;
    }

    private bool Shake(ReadOnlySpan<byte> bytes, Channel channel, out int consumed)
    {
        switch (_handshake.Received(bytes, channel.Output, out consumed))
        {
            case HandshakeStep.Failed:
                Refuse(CoreEvent.AuthenticationFailed, _handshake.Failure);
                return false;
            case HandshakeStep.Done:
                _state = State.Ready;
                _timesReady++;
                WasTried = true;
                _backoff.Reset();
                OnReady();
                break;
        }
        return true;
    }

    private void Down(string reason, bool isKnown = false)
    {
        var wasUp = _state == State.Ready;
        _state = State.Waiting;
        WasTried = true;
        if (!isKnown && (wasUp || DownReason != reason))
            Effects.Report(CoreEvent.LinkDown, Peer.Address, reason);
        DownReason = reason;
        _dueMs = NowMs + _backoff.NextWaitMs(Peer, HealthCheckIntervalMs);
        if (wasUp)
            OnLost(reason);
    }
}
