using SuperMassive.Simulator.Time;

namespace SuperMassive.Simulator.Networking;

/// <summary>
/// One direction of a connection: bytes under way, then bytes that arrived and were not read yet. Delays, cuts and stalls, but
/// never reorders, as TCP does not.
/// </summary>
public sealed class Pipe(Network network, SimChannel receiver) : IEventTarget
{
    private readonly ByteQueue _bytes = new();
    private readonly Queue<Segment> _underWay = new();
    private long _lastArrivalUs;
    private bool _isStalled;
    private SegmentKind _ending;

    private enum SegmentKind : byte
    {
        Data,
        Finish,
        Reset,
    }

    /// <summary>Bytes that arrived and wait to be read.</summary>
    public int ArrivedBytes { get; private set; }

    /// <summary>Bytes the sender may hand over now.</summary>
    public int SpaceBytes => Math.Max(0, network.Settings.WindowBytes - _bytes.Count);

    public ReadOnlySpan<byte> Arrived => _bytes.Bytes[..ArrivedBytes];

    public void TakeArrived(int count)
    {
        _bytes.TakeFront(count);
        ArrivedBytes -= count;
        receiver.Remote?.OfferSpace();
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (_ending != SegmentKind.Data)
            return;
        _bytes.Append(bytes);
        var left = bytes.Length;
        while (left > 0)
        {
            var length = network.Random.Chance(network.Settings.SplitPerMille) ? network.Random.Between(1, left) : left;
            Enqueue(new Segment(SegmentKind.Data, length, ArrivalUs()));
            left -= length;
        }
    }

    /// <summary>The sender closed in order: the receiver first gets all that was sent.</summary>
    public void SendFinish() => End(SegmentKind.Finish);

    /// <summary>The connection is broken off: what is under way may be lost from any byte on.</summary>
    public void SendReset()
    {
        if (_ending == SegmentKind.Data)
            LoseTail();
        End(SegmentKind.Reset);
    }

    /// <summary>Loses what is under way from a byte chosen by chance on; nothing tells the receiver.</summary>
    public void LoseTail()
    {
        var keep = network.Random.Between(0, _bytes.Count - ArrivedBytes);
        _bytes.DropBack(_bytes.Count - ArrivedBytes - keep);
        var waiting = _underWay.Count;
        for (; waiting > 0; waiting--)
        {
            var segment = _underWay.Dequeue();
            var kept = Math.Min(segment.Length, keep);
            keep -= kept;
            if (kept > 0)
                _underWay.Enqueue(segment with { Length = kept });
            if (segment.Kind != SegmentKind.Data)
                _ending = SegmentKind.Data;
        }
    }

    /// <summary>Tries again what could not arrive: the path healed, or the host at its end is back.</summary>
    internal void Retry()
    {
        if (!_isStalled)
            return;
        _isStalled = false;
        network.Scheduler.After(network.Random.Skewed(1_000, network.Settings.RetransmitUs), this, 0);
    }

    /// <summary>Something may have arrived.</summary>
    public void Fire(int code, long argument)
    {
        while (_underWay.TryPeek(out var segment) && segment.AtUs <= network.Scheduler.NowUs)
        {
            if (!network.CanArrive(receiver))
            {
                if (!_isStalled)
                    network.Stalled.Add(this);
                _isStalled = true;
                return;
            }
            _underWay.Dequeue();
            Arrive(segment);
        }
    }

    private void Arrive(Segment segment)
    {
        switch (segment.Kind)
        {
            case SegmentKind.Data when receiver.TakesBytes:
                ArrivedBytes += segment.Length;
                receiver.OnArrived();
                break;
            case SegmentKind.Data:
                _bytes.TakeFront(segment.Length);
                receiver.RefuseBytes();
                break;
            case SegmentKind.Finish:
                receiver.OnFinished();
                break;
            case SegmentKind.Reset:
                receiver.OnReset("connection reset by peer");
                break;
        }
    }

    private void End(SegmentKind kind)
    {
        if (_ending >= kind)
            return;
        _ending = kind;
        Enqueue(new Segment(kind, 0, ArrivalUs()));
    }

    private void Enqueue(Segment segment)
    {
        _underWay.Enqueue(segment);
        network.Scheduler.At(segment.AtUs, this, 0);
    }

    private long ArrivalUs() => _lastArrivalUs = Math.Max(_lastArrivalUs, network.Scheduler.NowUs + network.LatencyUs());

    private readonly record struct Segment(SegmentKind Kind, int Length, long AtUs);
}
