using SuperMassive.Core;
using SuperMassive.Simulator.Processes;
using SuperMassive.Simulator.Time;

namespace SuperMassive.Simulator.Networking;

/// <summary>One end of a simulated connection, with what a kernel and a shell would keep for it.</summary>
public sealed class SimChannel : Channel, IEventTarget
{
    private const int SynArrives = 1;
    private const int SynAnswered = 2;
    private const int Refused = 3;
    private const int DialTimedOut = 4;
    private const int SpaceOffered = 5;
    private const int SynRetryUs = 1_000_000;

    private readonly Network _network;
    private readonly PeerAddress? _peer;
    private readonly bool _isDialler;
    private readonly ByteQueue _unconsumed = new();
    private State _state;
    private string _endReason = "";
    private bool _hasFinished;
    private bool _hasReset;
    private bool _isAnnounced;
    private bool _isEndTold;
    private bool _isReadingPaused;
    private bool _handOverLeftover;
    private bool _isWaitingForSpace;
    private long _waitingSinceUs;

    internal SimChannel(Network network, SimProcess process, PeerAddress? peer, bool isDialler, bool gated, string? name = null)
        : base(name ?? peer!.Address, 256, gated)
    {
        _network = network;
        _peer = peer;
        _isDialler = isDialler;
        Process = process;
        Incoming = new Pipe(network, this);
        _state = isDialler ? State.Dialling : State.Open;
        process.Attach(this);
    }

    private enum State : byte
    {
        Dialling,
        Open,

        /// <summary>Closed by the core; what was released is still being sent.</summary>
        Flushing,

        Over,
    }

    public SimProcess Process { get; }

    /// <summary>The other end; null until the dialled process' host answered.</summary>
    public SimChannel? Remote { get; private set; }

    public Pipe Incoming { get; }

    /// <summary>Half-open: nothing arrives any more.</summary>
    public bool IsSilent { get; set; }

    internal bool IsOver => _state == State.Over;

    /// <summary>Whether bytes that may be sent wait for space.</summary>
    internal bool HasUnsent => _state is State.Open or State.Flushing && _isWaitingForSpace;

    /// <summary>Whether the process has to look at this channel in its next batch.</summary>
    internal bool IsQueued { get; set; }

    internal bool TakesBytes => _state is State.Open or State.Dialling;

    public override bool IsReadingPaused
    {
        get => _isReadingPaused;
        set
        {
            if (_isReadingPaused && !value)
            {
                _handOverLeftover = _unconsumed.Count > 0;
                Process.Queue(this);
            }
            _isReadingPaused = value;
        }
    }

    public override void Close()
    {
        if (_state == State.Dialling)
        {
            Abort();
        }
        else if (_state == State.Open)
        {
            _state = State.Flushing;
            _ = Output;
        }
    }

    public override void Abort()
    {
        if (_state == State.Over)
            return;
        Leave();
        Remote?.Incoming.SendReset();
    }

    /// <summary>The process died: its kernel ends the connection, by FIN or by RST as unread bytes would decide.</summary>
    internal void EndByKernel(bool reset)
    {
        if (_state == State.Over)
            return;
        Leave();
        if (reset)
            Remote?.Incoming.SendReset();
        else
            Remote?.Incoming.SendFinish();
    }

    /// <summary>The host lost power: what it had not put on the wire is gone, and nobody is told.</summary>
    internal void Vanish()
    {
        if (_state == State.Over)
            return;
        Leave();
        Remote?.Incoming.LoseTail();
    }

    internal void StartDialling()
    {
        _network.Scheduler.After(_network.LatencyUs(), this, SynArrives);
        _network.Scheduler.After(_peer!.ConnectTimeoutMs * 1_000L, this, DialTimedOut);
    }

    /// <summary>Hands the core what happened to this channel since the last batch.</summary>
    internal void Deliver(IStateMachine machine)
    {
        if (!_isAnnounced && _state == State.Open && !_hasReset)
        {
            _isAnnounced = true;
            if (_isDialler)
                machine.Opened(this);
            else
                machine.Accepted(this);
        }
        if (_state == State.Open && !_isReadingPaused && _isAnnounced)
            Read(machine);
        if (_state is not (State.Open or State.Dialling) || !(_hasReset || HasReadAll))
            return;
        if (!_hasReset && OwesReplies(machine))
            return;
        Leave();
        if (_isAnnounced || _isDialler)
            machine.Closed(this, _endReason);
    }

    /// <summary>Tells the core once that the peer has sent its last byte; it may still have to answer what came before.</summary>
    private bool OwesReplies(IStateMachine machine)
    {
        if (_isEndTold)
            return true;
        _isEndTold = true;
        return machine.Ended(this) || _state != State.Open;
    }

    private bool HasReadAll => _hasFinished && !_isReadingPaused && Incoming.ArrivedBytes == 0;

    private void Read(IStateMachine machine)
    {
        var arrived = Incoming.ArrivedBytes;
        if (arrived == 0 && !_handOverLeftover)
            return;
        _handOverLeftover = false;
        if (arrived > 1 && _network.Random.Chance(_network.Settings.SplitPerMille))
        {
            arrived = _network.Random.Between(1, arrived - 1);
            Process.Queue(this);
        }
        _unconsumed.Append(Incoming.Arrived[..arrived]);
        Incoming.TakeArrived(arrived);
        _network.Trace.Mix(_unconsumed.Bytes);
        var consumed = machine.Received(this, _unconsumed.Bytes);
        if (consumed < 0 || consumed > _unconsumed.Count)
            throw new InvalidOperationException($"{Process.Name} consumed {consumed} of {_unconsumed.Count} bytes from {Peer}");
        _unconsumed.TakeFront(consumed);
    }

    /// <summary>Sends what may be sent, as one send() at the end of a batch does.</summary>
    internal void Send()
    {
        ClearDirty();
        if (_state is State.Dialling or State.Over || Remote is not { } remote)
            return;
        var sendable = Buffer.Sendable;
        var count = Math.Min(sendable.Length, remote.Incoming.SpaceBytes);
        if (count > 0)
        {
            remote.Incoming.Send(sendable[..count]);
            Buffer.MarkSent(count);
            _waitingSinceUs = _network.Scheduler.NowUs;
        }
        var isLeft = !Buffer.Sendable.IsEmpty;
        if (isLeft && !_isWaitingForSpace && count == 0)
            _waitingSinceUs = _network.Scheduler.NowUs;
        _isWaitingForSpace = isLeft;
        if (isLeft || _state != State.Flushing)
            return;
        Leave();
        remote.Incoming.SendFinish();
    }

    /// <summary>A peer that takes no bytes at all for its write timeout counts as lost.</summary>
    internal void CheckWriteTimeout()
    {
        if (_isWaitingForSpace && _peer is not null && _network.Scheduler.NowUs - _waitingSinceUs > _peer.WriteTimeoutMs * 1_000L)
            OnReset("write timed out");
    }

    /// <summary>The reader made space; the sender learns of it a latency later.</summary>
    internal void OfferSpace()
    {
        if (_isWaitingForSpace)
            _network.Scheduler.After(_network.LatencyUs(), this, SpaceOffered);
    }

    internal void OnArrived() => Process.Queue(this);

    internal void OnFinished()
    {
        if (_state == State.Over)
            return;
        _hasFinished = true;
        _endReason = "closed by peer";
        Process.Queue(this);
    }

    internal void OnReset(string reason)
    {
        if (_state == State.Over || _hasReset)
            return;
        _hasReset = true;
        _endReason = reason;
        if (_state == State.Flushing)
            Leave();
        else
            Process.Queue(this);
    }

    /// <summary>Bytes came to an end that is no more: a host that is up answers with a reset.</summary>
    internal void RefuseBytes()
    {
        if (_state == State.Over)
            Remote?.Incoming.SendReset();
    }

    public void Fire(int code, long argument)
    {
        switch (code)
        {
            case SynArrives when _state == State.Dialling:
                TryReach();
                break;
            case SynAnswered when _state == State.Dialling:
                _state = State.Open;
                _ = Output;
                Process.Queue(this);
                break;
            case Refused when _state == State.Dialling:
                OnReset("connection refused");
                break;
            case DialTimedOut when _state == State.Dialling:
                OnReset("connect timed out");
                break;
            case SpaceOffered when _isWaitingForSpace && _state != State.Over:
                _ = Output;
                Process.Wake();
                break;
        }
    }

    private void TryReach()
    {
        if (_network.Find(Peer) is not { } target)
            OnReset("unknown host");
        else if (!_network.CanDial(Process, target))
            _network.Scheduler.After(SynRetryUs, this, SynArrives);
        else if (!target.IsListening)
            _network.Scheduler.After(_network.LatencyUs(), this, Refused);
        else
            Reach(target);
    }

    private void Reach(SimProcess target)
    {
        Remote = new SimChannel(_network, target, peer: null, isDialler: false, target.GatesAccepted, Process.Name) { Remote = this };
        target.Queue(Remote);
        _network.Scheduler.After(_network.LatencyUs(), this, SynAnswered);
    }

    private void Leave()
    {
        _state = State.Over;
        _isWaitingForSpace = false;
        Process.Detach(this);
        if (_isDialler)
            _network.Forget(this);
    }

    protected override void OnDirty() => Process.MarkDirty(this);
}
