namespace SuperMassive.Simulator.Time;

/// <summary>Something that events happen to. Codes are the target's own; the pair of numbers spares a closure per event.</summary>
public interface IEventTarget
{
    void Fire(int code, long argument);
}

/// <summary>Virtual time in microseconds and the queue of what will happen, ordered by time and then by when it was asked for.</summary>
public sealed class Scheduler(Trace trace)
{
    /// <summary>A hundred times what the busiest run needs: beyond it processes chase each other without end.</summary>
    private const long MaxEvents = 10_000_000;

    private readonly PriorityQueue<Event, Due> _queue = new(1024);
    private readonly Trace _trace = trace;
    private long _sequence;

    public long NowUs { get; private set; }

    public long Events { get; private set; }

    public void At(long atUs, IEventTarget target, int code, long argument = 0) =>
        _queue.Enqueue(new Event(target, code, argument), new Due(Math.Max(atUs, NowUs), _sequence++));

    public void After(long delayUs, IEventTarget target, int code, long argument = 0) => At(NowUs + delayUs, target, code, argument);

    /// <summary>For what is rare: costs a closure.</summary>
    public void After(long delayUs, Action action) => At(NowUs + delayUs, new Call(action), 0);

    /// <summary>Runs all that is due up to and including <paramref name="untilUs"/>, which then is the time.</summary>
    public void RunUntil(long untilUs)
    {
        while (_queue.TryPeek(out _, out var due) && due.AtUs <= untilUs)
            RunNext();
        NowUs = Math.Max(NowUs, untilUs);
    }

    /// <summary>Runs until <paramref name="condition"/> holds, looking every <paramref name="stepUs"/>.</summary>
    /// <returns>Whether it held by <paramref name="deadlineUs"/>.</returns>
    public bool RunUntil(Func<bool> condition, long deadlineUs, long stepUs = 10_000)
    {
        while (!condition())
        {
            if (NowUs >= deadlineUs)
                return false;
            RunUntil(Math.Min(NowUs + stepUs, deadlineUs));
        }
        return true;
    }

    private void RunNext()
    {
        _queue.TryDequeue(out var next, out var due);
        NowUs = due.AtUs;
        if (++Events > MaxEvents)
            throw new InvalidOperationException($"{MaxEvents} events, and no end at {NowUs / 1_000_000} s: a livelock");
        _trace.Mix((ulong)due.AtUs << 8 | (byte)next.Code);
        next.Target.Fire(next.Code, next.Argument);
    }

    private readonly record struct Event(IEventTarget Target, int Code, long Argument);

    private readonly record struct Due(long AtUs, long Sequence) : IComparable<Due>
    {
        public int CompareTo(Due other) => AtUs != other.AtUs ? AtUs.CompareTo(other.AtUs) : Sequence.CompareTo(other.Sequence);
    }

    private sealed class Call(Action action) : IEventTarget
    {
        public void Fire(int code, long argument) => action();
    }
}
