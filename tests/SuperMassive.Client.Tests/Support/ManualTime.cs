namespace SuperMassive.Client.Tests.Support;

/// <summary>A clock that stands until it is advanced; its timers fire while it is.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private long _nowTicks = 1;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _nowTicks);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_gate)
            _timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        var now = Interlocked.Add(ref _nowTicks, by.Ticks);
        ManualTimer[] due;
        lock (_gate)
            due = [.. _timers.Where(timer => timer.IsDue(now))];
        foreach (var timer in due)
            timer.Fire(now);
    }

    /// <summary>Lets time pass until the task has ended; for timers that other threads are about to set.</summary>
    public async Task AdvanceUntilAsync(Task task)
    {
        var deadline = Environment.TickCount64 + 20_000;
        while (!task.IsCompleted && Environment.TickCount64 < deadline)
        {
            Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
        Assert.True(task.IsCompleted, "nothing happened however much time passed");
    }

    private sealed class ManualTimer(ManualTime time, Action callback) : ITimer
    {
        private long _dueTicks = long.MaxValue, _periodTicks;

        public bool IsDue(long now) => Interlocked.Read(ref _dueTicks) <= now;

        public void Fire(long now)
        {
            Interlocked.Exchange(ref _dueTicks, _periodTicks > 0 ? now + _periodTicks : long.MaxValue);
            callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _periodTicks = period > TimeSpan.Zero ? period.Ticks : 0;
            Interlocked.Exchange(ref _dueTicks, dueTime < TimeSpan.Zero ? long.MaxValue : time.GetTimestamp() + dueTime.Ticks);
            return true;
        }

        public void Dispose()
        {
            Interlocked.Exchange(ref _dueTicks, long.MaxValue);
            lock (time._gate)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
