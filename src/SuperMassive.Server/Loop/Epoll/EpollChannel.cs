using System.Net;
using static SuperMassive.Server.Loop.Epoll.Libc;

namespace SuperMassive.Server.Loop.Epoll;

/// <summary>A TCP connection on plain recv and send: one of each per wake-up.</summary>
internal sealed class EpollChannel : LoopChannel, IEpollSource
{
    /// <summary>Up to here a remainder is put in front of the loop's read buffer; a larger one is read behind, without a copy.</summary>
    private const int MaxPrefixBytes = 64 << 10;

    /// <summary>No command is that long; a machine that waits for it has lost its framing.</summary>
    private const int MaxInputBytes = 1 << 30;

    private const int NoDescriptor = -1;

    private readonly EpollWaiter _waiter;
    private readonly int _bufferBytes;
    private Queue<IPEndPoint> _candidates = [];
    private int _fd = NoDescriptor;
    private int _slot;
    private uint _interest;

    /// <summary>Reading is held, and epoll was told so because there was something to read.</summary>
    private bool _isReadMuted;

    /// <summary>The system's send buffer is full; epoll says when it is not.</summary>
    private bool _isSendBlocked;

    /// <summary>The peer takes nothing any more. What it sent before is still read, then the channel is lost.</summary>
    private bool _isSendBroken;

    private bool _hasInputEnded;

    private EpollChannel(ChannelPlan plan, EpollWaiter waiter)
        : base(plan)
    {
        _waiter = waiter;
        _bufferBytes = plan.BufferBytes;
    }

    public static void Accept(ChannelPlan plan, EpollWaiter waiter, int fd)
    {
        var channel = new EpollChannel(plan, waiter);
        channel.Register(fd, EPOLLIN);
        channel.BecomeOpen();
    }

    public static EpollChannel Connect(ChannelPlan plan, EpollWaiter waiter)
    {
        var channel = new EpollChannel(plan, waiter);
        channel.SetDeadline(plan.Target!.ConnectTimeoutMs);
        NameLookup.Begin(plan.Loop, plan.Target.Address, channel.OnResolved);
        return channel;
    }

    public void OnEvents(uint events)
    {
        switch (State)
        {
            case ChannelState.Connecting:
                OnConnected();
                break;
            case ChannelState.Open:
                OnOpenEvents(events);
                break;
            case ChannelState.Closing:
                if ((events & EPOLLOUT) != 0)
                    Unblock();
                if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0)
                    Discard();
                break;
            case ChannelState.Draining:
                Discard();
                break;
        }
    }

    protected override void Send()
    {
        if (_isSendBlocked)
        {
            AfterSend(progressed: false, isBlocked: true); // what waits may have become too much meanwhile
            return;
        }
        var bytes = Buffer.Sendable;
        if (bytes.IsEmpty || _isSendBroken)
        {
            Buffer.MarkSent(bytes.Length);
            AfterSend(progressed: true, isBlocked: false);
            return;
        }
        var sent = Tcp.Send(_fd, bytes);
        if (sent < 0 && sent != -EAGAIN)
        {
            _isSendBroken = true;
            Buffer.MarkSent(bytes.Length);
            AfterSend(progressed: true, isBlocked: false);
            return;
        }
        Buffer.MarkSent(Math.Max(sent, 0));
        _isSendBlocked = sent < bytes.Length;
        UpdateInterest();
        AfterSend(sent > 0, _isSendBlocked);
    }

    /// <summary>Reading was held, and may go on: first with what was left.</summary>
    protected override void OnScheduled()
    {
        if (State != ChannelState.Open || IsHeld)
            return;
        if (Input.Count > 0)
            DeliverInput();
        if (State != ChannelState.Open || IsHeld)
            return;
        _isReadMuted = false;
        UpdateInterest();
    }

    protected override void OnClosing()
    {
        _isReadMuted = false;
        UpdateInterest();
    }

    protected override bool EndSending()
    {
        Tcp.EndSending(_fd);
        return !_hasInputEnded && !_isSendBroken;
    }

    protected override void Release(bool reset)
    {
        if (_fd == NoDescriptor)
            return;
        _waiter.Unregister(_slot);
        Tcp.Close(_fd, reset);
        _fd = NoDescriptor;
    }

    private void OnResolved(IPEndPoint[] addresses, string failure)
    {
        if (State != ChannelState.Connecting)
            return;
        _candidates = new Queue<IPEndPoint>(addresses);
        ConnectNext(failure);
    }

    private void ConnectNext(string failure)
    {
        while (_candidates.TryDequeue(out var address))
        {
            var fd = Tcp.Connect(address);
            if (fd >= 0)
            {
                Register(fd, EPOLLOUT);
                return;
            }
            failure = Tcp.Reason(-fd);
        }
        Lose(failure);
    }

    private void OnConnected()
    {
        var error = Tcp.ConnectError(_fd);
        if (error != 0)
        {
            Release(reset: false);
            ConnectNext(Tcp.Reason(error));
            return;
        }
        UpdateInterest(EPOLLIN);
        BecomeOpen();
    }

    private void OnOpenEvents(uint events)
    {
        if ((events & EPOLLOUT) != 0)
            Unblock();
        if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) == 0)
            return;
        if (!IsHeld && !_hasInputEnded)
        {
            Receive();
            return;
        }
        if ((events & (EPOLLERR | EPOLLHUP)) != 0)
        {
            Lose(Reasons.Reset);
            return;
        }
        _isReadMuted = true;
        UpdateInterest();
    }

    private void Receive()
    {
        if (Input.Count <= MaxPrefixBytes)
            ReceiveShared();
        else
            ReceiveBehind();
    }

    private void ReceiveShared()
    {
        var buffer = Loop.ReadBuffer.AsSpan();
        var prefix = Input.Count;
        Input.Unread.CopyTo(buffer);
        var count = Tcp.Receive(_fd, buffer[prefix..]);
        if (count <= 0)
        {
            OnNothingReceived(-count);
            return;
        }
        var bytes = buffer[..(prefix + count)];
        var consumed = Deliver(bytes);
        if (State == ChannelState.Open)
            Input.Replace(bytes[consumed..], _bufferBytes);
        else
            Input.Free();
    }

    private void ReceiveBehind()
    {
        if (Input.Count > MaxInputBytes)
        {
            Lose(Reasons.TooLarge);
            return;
        }
        var count = Tcp.Receive(_fd, Input.FreeSpace());
        if (count <= 0)
        {
            OnNothingReceived(-count);
            return;
        }
        Input.Advance(count);
        DeliverInput();
    }

    private void OnNothingReceived(int error)
    {
        if (error == EAGAIN)
            return;
        if (error != 0 || _isSendBroken)
        {
            Lose(error == 0 ? Reasons.Reset : Tcp.Reason(error));
            return;
        }
        _hasInputEnded = true;
        EndInput();
        if (State != ChannelState.Closed)
            UpdateInterest();
    }

    /// <summary>Reads what nobody wants, because closing over unread bytes resets the connection and destroys our last ones.</summary>
    private void Discard()
    {
        if (State == ChannelState.Closed)
            return;
        var count = _hasInputEnded ? -ECONNRESET : Tcp.Receive(_fd, Loop.ReadBuffer);
        if (count > 0 || count == -EAGAIN)
            return;
        _hasInputEnded = true;
        if (count < 0 || State == ChannelState.Draining)
            Finish(reset: false);
        else
            UpdateInterest();
    }

    private void Unblock()
    {
        _isSendBlocked = false;
        UpdateInterest();
        QueueFlush();
    }

    private void Register(int fd, uint interest)
    {
        _fd = fd;
        _interest = interest;
        _slot = _waiter.Register(fd, this, interest);
    }

    private void UpdateInterest()
    {
        var reads = !_isReadMuted && !_hasInputEnded;
        UpdateInterest((reads ? EPOLLIN : 0) | (_isSendBlocked ? EPOLLOUT : 0));
    }

    private void UpdateInterest(uint interest)
    {
        if (interest == _interest || _fd == NoDescriptor)
            return;
        _interest = interest;
        _waiter.Change(_fd, _slot, interest);
    }
}
