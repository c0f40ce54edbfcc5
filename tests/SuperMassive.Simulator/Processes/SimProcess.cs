using SuperMassive.Core;
using SuperMassive.Simulator.Networking;
using SuperMassive.Simulator.Time;

namespace SuperMassive.Simulator.Processes;

/// <summary>
/// A process with its event loop: it hosts one core and drives it in batches as a real shell does. What it is about (its
/// files, its completions) is added by <see cref="SimNode"/>, <see cref="SimCluster"/> and the clients.
/// </summary>
public abstract class SimProcess : IEventTarget
{
    private const int BatchDue = 16;
    private const int TickDue = 17;

    /// <summary>The contract of <see cref="IStateMachine.BeginBatch"/>: at least this often.</summary>
    private const int TickUs = 50_000;

    private const int DrainLimitUs = 10_000_000;

    private readonly List<SimChannel> _channels = [];
    private readonly Queue<Action> _posted = new();
    private List<SimChannel> _queued = [];
    private List<SimChannel> _handled = [];
    private readonly List<SimChannel> _dirty = [];
    private bool _isBatchDue;
    private bool _isInBatch;
    private long _lastBatchUs;
    private long _busyUntilUs;
    private bool _diesBeforeSending;
    private bool _isStopping;
    private long _stopByUs;

    protected SimProcess(World world, string name, string address)
    {
        World = world;
        Name = name;
        Address = address;
        Random = world.Random.Fork();
        Clock = new SimClock(world.Scheduler, Random);
        Id = world.Add(this);
        world.Network.Register(address, this);
    }

    public int Id { get; }

    public string Name { get; }

    public string Address { get; }

    public World World { get; }

    public SimClock Clock { get; }

    public SimRandom Random { get; }

    /// <summary>The running core; null while the process is down.</summary>
    public IStateMachine? Machine { get; private set; }

    /// <summary>Which run of this process it is: what was posted for an earlier one is void.</summary>
    public int Incarnation { get; private set; }

    public bool IsRunning => Machine is not null;

    /// <summary>Stopped by SIGSTOP: the kernel still takes connections and bytes.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>How often it was paused: whoever paused it resumes only that pause.</summary>
    public int Pauses { get; private set; }

    /// <summary>Whether the machine has power; without it nobody even refuses a connection.</summary>
    public bool IsHostUp { get; private set; } = true;

    public bool IsListening => IsRunning && !_isStopping;

    /// <summary>Asked to stop, and not ended yet.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>How much longer the loop is blocked in a system call; 0 when it is not.</summary>
    public long BlockedForUs => Math.Max(0, _busyUntilUs - World.Scheduler.NowUs);

    /// <summary>Why the process does not start; empty when it does. Its operator has to act.</summary>
    public string RefusedToStart { get; private set; } = "";

    /// <summary>Never started again: another process has taken its place.</summary>
    public bool IsRetired { get; set; }

    /// <summary>Whether replies on accepted channels wait for the journal.</summary>
    public virtual bool GatesAccepted => false;

    public IReadOnlyList<SimChannel> Channels => _channels;

    /// <summary>Starts a new run, recovering from whatever the last one left behind.</summary>
    public void Start()
    {
        if (IsRunning || IsRetired)
            return;
        if (!IsHostUp)
        {
            IsHostUp = true;
            Clock.Reboot();
        }
        Incarnation++;
        Machine = Boot(out var refusal);
        RefusedToStart = refusal;
        World.Say(Machine is null ? $"{Name} refuses to start: {refusal}" : $"{Name} starts");
        World.Network.RetryStalled();
        if (Machine is null)
            return;
        IsPaused = false;
        _lastBatchUs = World.Scheduler.NowUs;
        World.Scheduler.After(Random.Below(TickUs), this, TickDue, Incarnation);
        Wake();
    }

    /// <summary>kill -9: what was written to files and sockets stays with the kernel.</summary>
    public void Crash()
    {
        if (!IsRunning)
            return;
        World.Say($"{Name} crashes");
        Die();
        foreach (var channel in _channels.ToArray())
            channel.EndByKernel(reset: Random.Chance(500));
        OnCrashed();
    }

    /// <summary>SIGTERM: takes no new connections, finishes what was begun, then ends; after a while in any case.</summary>
    public void Stop()
    {
        if (!IsRunning || _isStopping)
            return;
        World.Say($"{Name} is asked to stop");
        _isStopping = true;
        _stopByUs = World.Scheduler.NowUs + DrainLimitUs;
        Post(() => Machine!.BeginDrain());
    }

    /// <summary>The process dies in its next batch, after its effects on the disk and before anything is sent.</summary>
    public void CrashBeforeSending() => _diesBeforeSending = IsRunning;

    /// <summary>Takes back a death that was arranged and has not come yet.</summary>
    public void Spare() => _diesBeforeSending = false;

    /// <summary>The machine loses power: unsynced bytes and everything in the kernel is gone, peers hear nothing.</summary>
    public void CutPower()
    {
        World.Say($"{Name} loses power");
        Die();
        IsHostUp = false;
        foreach (var channel in _channels.ToArray())
            channel.Vanish();
        OnPowerCut();
    }

    public void Pause()
    {
        World.Say($"{Name} is paused");
        Pauses++;
        IsPaused = true;
    }

    public void Resume()
    {
        if (!IsPaused)
            return;
        World.Say($"{Name} goes on");
        IsPaused = false;
        Wake();
    }

    /// <summary>A completion: runs in the next batch of this run of the process.</summary>
    public void Post(Action completion)
    {
        _posted.Enqueue(completion);
        Wake();
    }

    /// <summary>The same after a while; void when the process dies before.</summary>
    public void PostAfter(long delayUs, Action completion)
    {
        var incarnation = Incarnation;
        World.Scheduler.After(delayUs, () =>
        {
            if (incarnation == Incarnation && IsRunning)
                Post(completion);
        });
    }

    /// <summary>The loop was blocked in a system call for so long: what follows waits.</summary>
    protected void Block(long blockedUs) => _busyUntilUs = Math.Max(_busyUntilUs, World.Scheduler.NowUs) + blockedUs;

    /// <summary>Makes the core of a new run; null with the reason when it refuses to start.</summary>
    protected abstract IStateMachine? Boot(out string refusal);

    protected virtual void OnCrashed()
    {
    }

    protected virtual void OnPowerCut()
    {
    }

    /// <summary>The process ends in order: nothing is under way.</summary>
    protected virtual void OnStopped()
    {
    }

    protected virtual void OnBatchEnded()
    {
    }

    internal void Attach(SimChannel channel) => _channels.Add(channel);

    internal void Detach(SimChannel channel) => _channels.Remove(channel);

    internal void Queue(SimChannel channel)
    {
        if (!channel.IsQueued)
        {
            channel.IsQueued = true;
            _queued.Add(channel);
        }
        Wake();
    }

    internal void MarkDirty(SimChannel channel) => _dirty.Add(channel);

    internal void Wake()
    {
        if (_isBatchDue || _isInBatch || IsPaused || !IsRunning)
            return;
        _isBatchDue = true;
        var wakeUs = World.Scheduler.NowUs + Random.Skewed(2, 60);
        World.Scheduler.At(Math.Max(wakeUs, _busyUntilUs), this, BatchDue, Incarnation);
    }

    public void Fire(int code, long argument)
    {
        if (argument != Incarnation || !IsRunning)
            return;
        if (code == BatchDue)
        {
            _isBatchDue = false;
            if (!IsPaused)
                RunBatch();
            return;
        }
        if (!IsPaused && World.Scheduler.NowUs >= _busyUntilUs && World.Scheduler.NowUs - _lastBatchUs >= TickUs)
            RunBatch();
        World.Scheduler.At(Math.Max(_lastBatchUs + TickUs, World.Scheduler.NowUs + TickUs / 5), this, TickDue, Incarnation);
    }

    private void RunBatch()
    {
        var machine = Machine!;
        _isInBatch = true;
        _lastBatchUs = World.Scheduler.NowUs;
        World.Trace.Mix((ulong)Id);
        machine.BeginBatch(Clock.UnixMs, Clock.MonotonicMs);
        DeliverChannels(machine);
        for (var left = _posted.Count; left > 0; left--)
            _posted.Dequeue()();
        machine.EndBatch();
        OnBatchEnded();
        _isInBatch = false;
        if (_diesBeforeSending)
        {
            Crash();
            return;
        }
        SendDirty();
        if (_isStopping && TryExit())
            return;
        if (_queued.Count > 0 || _posted.Count > 0)
            Wake();
    }

    private bool TryExit()
    {
        var isDrained = Machine!.IsDrained && !_channels.Exists(channel => channel.HasUnsent);
        if (!isDrained && World.Scheduler.NowUs < _stopByUs)
            return false;
        World.Say($"{Name} ends{(isDrained ? "" : " without having finished")}");
        if (isDrained)
            OnStopped();
        Die();
        foreach (var channel in _channels.ToArray())
            channel.EndByKernel(reset: false);
        OnCrashed();
        return true;
    }

    private void DeliverChannels(IStateMachine machine)
    {
        (_queued, _handled) = (_handled, _queued);
        foreach (var channel in _handled)
        {
            channel.IsQueued = false;
            channel.Deliver(machine);
        }
        _handled.Clear();
        for (var i = _channels.Count - 1; i >= 0; i--)
            _channels[i].CheckWriteTimeout();
    }

    private void SendDirty()
    {
        foreach (var channel in _dirty)
            channel.Send();
        _dirty.Clear();
    }

    private void Die()
    {
        Machine = null;
        IsPaused = false;
        _diesBeforeSending = _isStopping = false;
        _isBatchDue = false;
        _isInBatch = false;
        _busyUntilUs = 0;
        _posted.Clear();
        _queued.Clear();
        _dirty.Clear();
    }
}
